// SPDX-License-Identifier: Apache-2.0

/// A given or family name as its bearer writes it, and the ASCII form that mailboxes use.
struct NameForm: Sendable {
    let written: String
    let ascii: String

    init(_ written: String, _ ascii: String) {
        self.written = written
        self.ascii = ascii
    }
}

/// Names of one language community; given and family names are combined freely, so no pair means anybody.
struct NameCulture: Sendable {
    let locale: String
    let given: [NameForm]
    let family: [NameForm]
    let isFamilyFirst: Bool

    init(_ locale: String, isFamilyFirst: Bool = false, given: [NameForm], family: [NameForm]) {
        self.locale = locale
        self.given = given
        self.family = family
        self.isFamilyFirst = isFamilyFirst
    }
}

enum NameTable {
    static let cultures = latin + otherScripts

    private static let latin: [NameCulture] = [
        NameCulture(
            "es", given: [.init("José", "jose"), .init("Lucía", "lucia"), .init("Íñigo", "inigo")],
            family: [.init("Núñez", "nunez"), .init("Ibáñez Ríos", "ibanez.rios"), .init("Peña", "pena")]),
        NameCulture(
            "fr", given: [.init("Amélie", "amelie"), .init("François", "francois"), .init("Chloé", "chloe")],
            family: [.init("Lefèvre", "lefevre"), .init("d’Aubigné", "daubigne"), .init("Noël", "noel")]),
        NameCulture(
            "de", given: [.init("Jürgen", "juergen"), .init("Käthe", "kaethe"), .init("Uwe", "uwe")],
            family: [.init("Groß", "gross"), .init("Müller-Lüdenscheidt", "mueller"), .init("Böhm", "boehm")]),
        NameCulture(
            "pl", given: [.init("Łucja", "lucja"), .init("Michał", "michal"), .init("Żaneta", "zaneta")],
            family: [.init("Wójcik", "wojcik"), .init("Gołąb", "golab"), .init("Źrebiec", "zrebiec")]),
        NameCulture(
            "tr", given: [.init("Işıl", "isil"), .init("Çağrı", "cagri"), .init("İbrahim", "ibrahim")],
            family: [.init("Yıldız", "yildiz"), .init("Öztürk", "ozturk"), .init("Şahin", "sahin")]),
        NameCulture(
            "vi", isFamilyFirst: true, given: [.init("Hạnh", "hanh"), .init("Đức", "duc"), .init("Thủy", "thuy")],
            family: [.init("Nguyễn", "nguyen"), .init("Trần", "tran"), .init("Phạm", "pham")]),
        NameCulture(
            "is", given: [.init("Þórunn", "thorunn"), .init("Ægir", "aegir"), .init("Guðrún", "gudrun")],
            family: [.init("Jónsdóttir", "jonsdottir"), .init("Sæmundsson", "saemundsson")]),
        NameCulture(
            "pt-BR", given: [.init("João", "joao"), .init("Inês", "ines"), .init("Antônio", "antonio")],
            family: [.init("Conceição", "conceicao"), .init("Guimarães", "guimaraes")]),
        NameCulture(
            "yo", given: [.init("Olúwáṣeun", "oluwaseun"), .init("Títílayọ̀", "titilayo")],
            family: [.init("Adébáyọ̀", "adebayo"), .init("Ọláwálé", "olawale")]),
        NameCulture(
            "ig", given: [.init("Chịmamanda", "chimamanda"), .init("Ụzọma", "uzoma")],
            family: [.init("Okoyé", "okoye"), .init("Nwaọgụ", "nwaogu")]),
        NameCulture(
            "hu", isFamilyFirst: true, given: [.init("Győző", "gyozo"), .init("Ágnes", "agnes")],
            family: [.init("Szőke", "szoke"), .init("Fehér", "feher")]),
        NameCulture(
            "ga", given: [.init("Siobhán", "siobhan"), .init("Pádraig", "padraig")],
            family: [.init("Ó Súilleabháin", "osuilleabhain"), .init("Ní Bhriain", "nibhriain")]),
        NameCulture(
            "en", given: [.init("Avery", "avery"), .init("Jordan", "jordan"), .init("Mary Ann", "mary.ann")],
            family: [.init("O'Neill", "oneill"), .init("Smith \"Sam\" Lee", "smith.lee"), .init("Begay", "begay")]),
        NameCulture(
            "mi", given: [.init("Mārama", "marama"), .init("Tāne", "tane")],
            family: [.init("Ngātai", "ngatai"), .init("Pōmare", "pomare")]),
        NameCulture(
            "haw", given: [.init("Kaʻiulani", "kaiulani"), .init("Keʻala", "keala")],
            family: [.init("Kāneʻohe", "kaneohe"), .init("Mahiʻai", "mahiai")]),
    ]

    private static let otherScripts: [NameCulture] = [
        NameCulture(
            "zh-CN", isFamilyFirst: true, given: [.init("伟", "wei"), .init("秀英", "xiuying"), .init("子涵", "zihan")],
            family: [.init("王", "wang"), .init("欧阳", "ouyang"), .init("陈", "chen")]),
        NameCulture(
            "ja", isFamilyFirst: true, given: [.init("さくら", "sakura"), .init("健太", "kenta"), .init("ユウキ", "yuki")],
            family: [.init("𠮷田", "yoshida"), .init("髙橋", "takahashi"), .init("佐藤", "sato")]),
        NameCulture(
            "ko", isFamilyFirst: true, given: [.init("지우", "jiwoo"), .init("민준", "minjun")],
            family: [.init("김", "kim"), .init("남궁", "namgung")]),
        NameCulture(
            "ar", given: [.init("فاطمة", "fatima"), .init("عبد الله", "abdullah"), .init("نور", "nour")],
            family: [.init("الخطيب", "alkhatib"), .init("بن يوسف", "benyoussef")]),
        NameCulture(
            "he", given: [.init("נועה", "noa"), .init("איתן", "eitan")],
            family: [.init("בן־דוד", "bendavid"), .init("כהן", "cohen")]),
        NameCulture(
            "fa", given: [.init("شیرین", "shirin"), .init("کیان", "kian")],
            family: [.init("رضایی", "rezaei"), .init("گل‌محمدی", "golmohammadi")]),
        NameCulture(
            "hi", given: [.init("प्रिया", "priya"), .init("अर्जुन", "arjun")],
            family: [.init("शर्मा", "sharma"), .init("त्रिपाठी", "tripathi")]),
        NameCulture(
            "ta", given: [.init("கவிதா", "kavitha"), .init("முருகன்", "murugan")],
            family: [.init("இராமசாமி", "ramasamy"), .init("செல்வம்", "selvam")]),
        NameCulture(
            "th", given: [.init("สมชาย", "somchai"), .init("กนกวรรณ", "kanokwan")],
            family: [.init("ศรีสุข", "srisuk"), .init("ทองดี", "thongdee")]),
        NameCulture(
            "el", given: [.init("Ελένη", "eleni"), .init("Γιώργος", "giorgos")],
            family: [.init("Παπαδοπούλου", "papadopoulou"), .init("Οικονόμου", "oikonomou")]),
        NameCulture(
            "uk", given: [.init("Оксана", "oksana"), .init("Їжак", "yizhak")],
            family: [.init("Шевченко", "shevchenko"), .init("Ґудзь", "gudz")]),
        NameCulture(
            "ka", given: [.init("ნინო", "nino"), .init("გიორგი", "giorgi")],
            family: [.init("ბერიძე", "beridze"), .init("ლომიძე", "lomidze")]),
        NameCulture(
            "hy", given: [.init("Անահիտ", "anahit"), .init("Տիգրան", "tigran")],
            family: [.init("Սարգսյան", "sargsyan"), .init("Պետրոսյան", "petrosyan")]),
        NameCulture(
            "am", given: [.init("ሰላም", "selam"), .init("ዳዊት", "dawit")],
            family: [.init("ተስፋዬ", "tesfaye"), .init("በቀለ", "bekele")]),
        NameCulture(
            "iu", given: [.init("ᓴᓇ", "sana"), .init("ᐱᑕ", "pita")],
            family: [.init("ᐃᓄᒃᑐᒃ", "inuktuk"), .init("ᓄᓇᕗᖅ", "nunavuq")]),
    ]
}

// SPDX-License-Identifier: Apache-2.0
import TestSupport

extension Sample {
    private static let t = Samples.jws

    /// Every form that the module's page promises, in the places where logs have them.
    static let tokens: [Sample] = [
        Sample("bare", t, "#"),
        Sample("line", "login ok token=\(t) user=7\n", "login ok token=# user=7\n"),
        Sample("bearer", "Authorization: Bearer \(t)\r\n", "Authorization: Bearer #\r\n"),
        Sample("bearer, odd case", "aUTHORIZATION: bEARER \(t)", "aUTHORIZATION: bEARER #"),
        Sample("cookie", "Cookie: a=b; session=\(t); c=d", "Cookie: a=b; session=#; c=d"),
        Sample("query", "GET /cb?access_token=\(t)&state=1#id_token=\(t) ", "GET /cb?access_token=#&state=1#id_token=# "),
        Sample("form", "grant_type=x&assertion=\(t)&scope=y", "grant_type=x&assertion=#&scope=y"),
        Sample("curl", "curl -u user:\(t) https://api.example/", "curl -u user:# https://api.example/"),
        Sample("percent dot", "u=\(Samples.dotted("%2E"))%26", "u=#%26"),
        Sample("percent dot, lower case", "u=\(Samples.dotted("%2e"))", "u=#"),
        Sample("percent twice", "u%253D\(Samples.dotted("%252E"))%2526", "u%253D#%2526"),
        Sample("behind %3D", "q=a%3D\(t)%26b", "q=a%3D#%26b"),
        Sample("json", #"{"token":"\#(t)","n":1}"#, ##"{"token":"#","n":1}"##),
        Sample("json dot", #"{"token":"\#(Samples.dotted(#"\u002e"#))"}"#, ##"{"token":"#"}"##),
        Sample("json in json", #"{"m":"{\"t\":\"\#(t)\"}"}"#, ##"{"m":"{\"t\":\"#\"}"}"##),
        Sample(
            "json dot in json", #"{"m":"{\"t\":\"\#(Samples.dotted(#"\\u002E"#))\"}"}"#, ##"{"m":"{\"t\":\"#\"}"}"##),
        Sample("escaped slash before", #"{"u":"https:\/\/h\/\#(t)\/x"}"#, ##"{"u":"https:\/\/h\/#\/x"}"##),
        Sample("line feed escape before", #"{"m":"a\n\#(t)\nb"}"#, ##"{"m":"a\n#\nb"}"##),
        Sample("yaml", "token: \(t)\n- 'x'\n", "token: #\n- 'x'\n"),
        Sample("logfmt", "level=info token=\"\(t)\" n=2", "level=info token=\"#\" n=2"),
        Sample("csv", "1,\(t),\"\(t)\",2\n", "1,#,\"#\",2\n"),
        Sample("stack trace", "java.lang.X: bad \(t)\n\tat a.b.C(D.java:1)\n", "java.lang.X: bad #\n\tat a.b.C(D.java:1)\n"),
        Sample("colours around", "\u{1B}[32m\(t)\u{1B}[0m ok", "\u{1B}[32m#\u{1B}[0m ok"),
        Sample("two", "\(t) \(t)", "# #"),
        Sample("sentence end", "the token was \(Samples.pair).", "the token was #"),
        Sample("pair", "t=\(Samples.pair) x", "t=# x"),
        Sample("pair and dot", "t=\(Samples.pair). x", "t=# x"),
        Sample("cut in the payload", "t=\(Samples.header).\(Samples.payload.prefix(30))\n", "t=#\n"),
        Sample("cut in the payload, three dots", "t=\(Samples.header).\(Samples.payload.prefix(31))...\n", "t=#..\n"),
        Sample("detached", "t=\(Samples.header)..\(Samples.signature)", "t=#"),
        Sample("jwe", "t=\(Samples.jwe);", "t=#;"),
        Sample("jwe without key", "t=\(Samples.directJWE);", "t=#;"),
        Sample("jwe cut", "t=\(Samples.jwe.prefix(80)) ", "t=# "),
        Sample("sd-jwt", "t=\(Samples.sdJWT) ", "t=# "),
        Sample("sd-jwt, percent", "t=\(Samples.sdJWT.replacing("~", with: "%7E")) ", "t=# "),
        Sample("sd-jwt, bound", "t=\(Samples.keyBound) ", "t=# "),
        Sample("claims without a header", "t=\(Samples.payload).\(Samples.signature) ", "t=# "),
        Sample("header cut", "t=\(Samples.header.dropFirst(9)).\(Samples.payload).\(Samples.signature) ",
            "t=\(Samples.header.dropFirst(9)).# "),
        Sample("wrapped", "t=\(Samples.wrapped(t)) ", "t=# "),
        Sample("wrapped, percent", "t=\(Samples.wrapped(t + "x").replacing("=", with: "%3D")) ", "t=# "),
        Sample("wrapped, no padding", "t=\(Samples.base64(t)) ", "t=# "),
        Sample("wrapped sd-jwt", "t=\(Samples.base64(Samples.sdJWT)) ", "t=# "),
        Sample("reference", "id=\(Samples.reference)&", "id=#&"),
        Sample("reference and more", "\(Samples.reference)abc", "#abc"),
        Sample("header with a blank", Samples.header(#"{ "alg":"HS256"}"#), "#"),
        Sample("header with a line feed", Samples.header("{\n  \"alg\": \"HS256\"\n}"), "#"),
        Sample("header with CR LF", Samples.header("{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}"), "#"),
        Sample("header starting with CR LF", Samples.header("{\r\n \"alg\":\"HS256\"}"), "#"),
        Sample("header starting with a tab", Samples.header("{\t\"alg\":\"HS256\"}"), "#"),
        Sample("escaped name", Samples.header(#"{"\u0061lg":"HS256"}"#), "#"),
        Sample("unused bits set", "\(Samples.base64(#"{"alg":"HS256" }"#).dropLast())R.\(Samples.payload)", "#"),
        Sample("padded", "t=\(Samples.base64(#"{"alg":"ES256"}"#) + "").\(Samples.wrapped(#"{"sub":"LEAKMARKER"}"#)).\(Samples.signature)", "t=#"),
        Sample("name that is empty", Samples.header(#"{"":1,"alg":"none"}"#), "#"),
        Sample("name outside ASCII", Samples.header(#"{"ä":1,"alg":"none"}"#), "#"),
        Sample("binary around", [0xFF, 0x00, 0xC3] + Array(t.utf8) + [0x80, 0xFE, 0x0A], [0xFF, 0x00, 0xC3, 0x23, 0x80, 0xFE, 0x0A]),
    ] + colours

    /// A colour sequence between any two characters, as `grep --color` writes them.
    private static let colours: [Sample] = [
        1, 2, 3, 10, 60, Samples.header.utf8.count, Samples.pair.utf8.count + 3,
    ].map {
        let on = "\u{1B}[01;31m\u{1B}[K"
        let off = "\u{1B}[m\u{1B}[K"
        let (first, rest) = (t.prefix($0), t.dropFirst($0))
        return Sample("colour after \($0)", "x \(first)\(on)\(rest.prefix(5))\(off)\(rest.dropFirst(5)) y", "x # y")
    } + [
        Sample("colour in json", "{\"m\":\"\(t.prefix(40))\\u001b[31m\(t.dropFirst(40))\"}", "{\"m\":\"#\"}")
    ]

    /// Text that looks like tokens and is none.
    static let negatives: [String] = [
        "", "e", "ey", "eyJ", "ew", "ZXl", "r1_", "=l1", "jwt", "they knew a new key; hey, view eyebrow",
        "eyJAAAA.eyJBBB", "eyJBB.eyJCC.eyJDDDD", Samples.header, "kid \(Samples.header) only",
        "\(Samples.header).", "\(Samples.header). Next", "\(Samples.header)...",
        Samples.base64(#"{"alg":5}"#) + ".\(Samples.base64("not personal"))",
        Samples.base64(#"{"v":"meta.k8s.io/v1","rv":1234,"start":"x"}"#),
        Samples.base64(#"{"a":{"alg":"HS256"}}"#) + ".abc.def",
        "bm90X3ZhbGlkX2pzb25fYXRfYWxs.bm90X3ZhbGlkX2pzb25fYXRfYWxs.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",
        #"{"alg":"HS256","typ":"JWT"}.{"name":"Jon Doe"}.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"#,
        "com.example.eyewear.Keys.eyeColor", "org.apache.newline.Viewer$1.run(Viewer.java:77)",
        "6f9619ff-8b86-d011-b42d-00c04fc964ff", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "v1.2.3-beta.eyJ", "1.22.333.4444", "https://example.com/eyJ.js?v=ew0.1", "r1_short",
        String(Samples.reference.dropLast()) + (Samples.reference.hasSuffix("A") ? "B" : "A"),
        "ZXlKZXlKZXlKZXlKZXlKZXlKZXlKZXlK", "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUAeyJAAAA",
        "\u{1B}[31mey\u{1B}[0m: they\u{1B}[1m", "key=l1_ab", "=l1_k001_0123456789abcdef",
        "[jwt alg=HS256 exp=1700000000 fp=l1_k001_eyJhbGciOiJIUzI1]", "[jwt oversize]",
    ]
}

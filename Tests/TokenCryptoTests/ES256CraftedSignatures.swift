// SPDX-License-Identifier: Apache-2.0
import Testing

/// Signatures that reach the rare branches of an ES256 check. Each was made from chosen u1, u2 and R (or a chosen
/// private key and nonce) and judged with textbook affine arithmetic over big integers, apart from this code.
struct ES256CraftedSignature: Sendable, CustomTestStringConvertible {
    let name: String
    let isValid: Bool
    /// x | y, the digest, and r | s, in hexadecimal.
    let key: String
    let digest: String
    let signature: String

    var testDescription: String { name }

    init(_ name: String, isValid: Bool, key: String, digest: String, signature: String) {
        self.name = name
        self.isValid = isValid
        self.key = key
        self.digest = digest
        self.signature = signature
    }

    static let all: [ES256CraftedSignature] = [
        .init(
            "u1 = 0, digest 0", isValid: true,
            key: "682e0abc869f3d525a7db9ef8820b3fdfa25d920e3c6c95ecaf934c09b336cec230e0fe9539f8935c34239c8fb47ad59e19be0cfd6cf1f41624b0ab0ea4382f1",
            digest: "0000000000000000000000000000000000000000000000000000000000000000",
            signature: "95d6f8a8601c32af31edc79af36c90c406bb52aff7cef680fb2301c47b526e1340abb47c050f944d58d892a957a2b3b039d8ac889d2096fb4e5ca00de9814bb9"),
        .init(
            "u1 = 0, digest 0, other digest", isValid: false,
            key: "682e0abc869f3d525a7db9ef8820b3fdfa25d920e3c6c95ecaf934c09b336cec230e0fe9539f8935c34239c8fb47ad59e19be0cfd6cf1f41624b0ab0ea4382f1",
            digest: "0000000000000000000000000000000000000000000000000000000000000001",
            signature: "95d6f8a8601c32af31edc79af36c90c406bb52aff7cef680fb2301c47b526e1340abb47c050f944d58d892a957a2b3b039d8ac889d2096fb4e5ca00de9814bb9"),
        .init(
            "u1 = 0, digest n", isValid: true,
            key: "682e0abc869f3d525a7db9ef8820b3fdfa25d920e3c6c95ecaf934c09b336cec230e0fe9539f8935c34239c8fb47ad59e19be0cfd6cf1f41624b0ab0ea4382f1",
            digest: "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
            signature: "651341a5c058b3972ce241f1abd7961c3a01a42dabe1428ebaf66b53c98e4162f7be0ee3472d8c7e24fc4277aa02a3010ba03bf9ae1aa4e7d407443daa322b0b"),
        .init(
            "u1 = 0, digest n, other digest", isValid: false,
            key: "682e0abc869f3d525a7db9ef8820b3fdfa25d920e3c6c95ecaf934c09b336cec230e0fe9539f8935c34239c8fb47ad59e19be0cfd6cf1f41624b0ab0ea4382f1",
            digest: "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632552",
            signature: "651341a5c058b3972ce241f1abd7961c3a01a42dabe1428ebaf66b53c98e4162f7be0ee3472d8c7e24fc4277aa02a3010ba03bf9ae1aa4e7d407443daa322b0b"),
        .init(
            "digest n + 5", isValid: true,
            key: "682e0abc869f3d525a7db9ef8820b3fdfa25d920e3c6c95ecaf934c09b336cec230e0fe9539f8935c34239c8fb47ad59e19be0cfd6cf1f41624b0ab0ea4382f1",
            digest: "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632556",
            signature: "e169a4a83c5b6c28d227f7f6b4ac440d8bca531efc337e6279ae4ec2854f2396b45cafbfc115e91ecc53a54506ff13ee321847667679fa23ee4d8cce07ae8059"),
        .init(
            "digest n + 5, r + 1", isValid: false,
            key: "682e0abc869f3d525a7db9ef8820b3fdfa25d920e3c6c95ecaf934c09b336cec230e0fe9539f8935c34239c8fb47ad59e19be0cfd6cf1f41624b0ab0ea4382f1",
            digest: "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632556",
            signature: "e169a4a83c5b6c28d227f7f6b4ac440d8bca531efc337e6279ae4ec2854f2397b45cafbfc115e91ecc53a54506ff13ee321847667679fa23ee4d8cce07ae8059"),
        .init(
            "digest of all ones", isValid: true,
            key: "682e0abc869f3d525a7db9ef8820b3fdfa25d920e3c6c95ecaf934c09b336cec230e0fe9539f8935c34239c8fb47ad59e19be0cfd6cf1f41624b0ab0ea4382f1",
            digest: "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            signature: "e49166f3e2b20297c100a85565a12847ac2b5066c3ffb29f205d8402431c08dcc8a7ab05018a13ce00fee74ec3b2fecf09ee9e056d14e8cee64fde9bce032ede"),
        .init(
            "digest of all ones, r + 1", isValid: false,
            key: "682e0abc869f3d525a7db9ef8820b3fdfa25d920e3c6c95ecaf934c09b336cec230e0fe9539f8935c34239c8fb47ad59e19be0cfd6cf1f41624b0ab0ea4382f1",
            digest: "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            signature: "e49166f3e2b20297c100a85565a12847ac2b5066c3ffb29f205d8402431c08ddc8a7ab05018a13ce00fee74ec3b2fecf09ee9e056d14e8cee64fde9bce032ede"),
        .init(
            "digest n - 1", isValid: true,
            key: "682e0abc869f3d525a7db9ef8820b3fdfa25d920e3c6c95ecaf934c09b336cec230e0fe9539f8935c34239c8fb47ad59e19be0cfd6cf1f41624b0ab0ea4382f1",
            digest: "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550",
            signature: "dcf094be0067c4b6ac99c6edc19298725b1676020ae286db28ad075037973b8a95bf10320c60ad94c35040429ccbee738a6c1e756224a7b2bf3e14cdc153ccbd"),
        .init(
            "digest n - 1, r + 1", isValid: false,
            key: "682e0abc869f3d525a7db9ef8820b3fdfa25d920e3c6c95ecaf934c09b336cec230e0fe9539f8935c34239c8fb47ad59e19be0cfd6cf1f41624b0ab0ea4382f1",
            digest: "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550",
            signature: "dcf094be0067c4b6ac99c6edc19298725b1676020ae286db28ad075037973b8b95bf10320c60ad94c35040429ccbee738a6c1e756224a7b2bf3e14cdc153ccbd"),
        .init(
            "u1 G = u2 Q with Q = G", isValid: true,
            key: "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
            digest: "87449546495b7e0b5f68b82a3cc899cbe291db9dfbb7a50c8c252f54b9109adb",
            signature: "87449546495b7e0b5f68b82a3cc899cbe291db9dfbb7a50c8c252f54b9109adbcae343ba1773cbb9e69100e6d5cf01dc00c1779ac74132d7bc452771a7a0ba54"),
        .init(
            "u1 G = u2 Q with Q = G, s + 1", isValid: false,
            key: "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
            digest: "87449546495b7e0b5f68b82a3cc899cbe291db9dfbb7a50c8c252f54b9109adb",
            signature: "87449546495b7e0b5f68b82a3cc899cbe291db9dfbb7a50c8c252f54b9109adbcae343ba1773cbb9e69100e6d5cf01dc00c1779ac74132d7bc452771a7a0ba55"),
        .init(
            "u1 G = u2 Q", isValid: true,
            key: "682e0abc869f3d525a7db9ef8820b3fdfa25d920e3c6c95ecaf934c09b336cec230e0fe9539f8935c34239c8fb47ad59e19be0cfd6cf1f41624b0ab0ea4382f1",
            digest: "9f13cd704cd2431136100c0dc164dcfb84139ba99299bdd355503c4b699710d4",
            signature: "c258849a33795773816019cf9fa49cf9cbc941e85faddbc07a40071909152ab918018819cbe4ed11f609a93438753bacb501efee28b4d0a98ad2d6f632c7e932"),
        .init(
            "u1 G = -u2 Q", isValid: false,
            key: "682e0abc869f3d525a7db9ef8820b3fdfa25d920e3c6c95ecaf934c09b336cec230e0fe9539f8935c34239c8fb47ad59e19be0cfd6cf1f41624b0ab0ea4382f1",
            digest: "60ec328eb32dbcefc9eff3f23e9b230438d35f04147de0b19e698e7792cc147d",
            signature: "c258849a33795773816019cf9fa49cf9cbc941e85faddbc07a40071909152ab9a4c3b319fb832ef492ffafcc5116a312ef4de454355e820bb63b4f9a5ca5fb51"),
        .init(
            "u1 G = -u2 Q, s = 1", isValid: false,
            key: "682e0abc869f3d525a7db9ef8820b3fdfa25d920e3c6c95ecaf934c09b336cec230e0fe9539f8935c34239c8fb47ad59e19be0cfd6cf1f41624b0ab0ea4382f1",
            digest: "60ec328eb32dbcefc9eff3f23e9b230438d35f04147de0b19e698e7792cc147d",
            signature: "c258849a33795773816019cf9fa49cf9cbc941e85faddbc07a40071909152ab90000000000000000000000000000000000000000000000000000000000000001"),
        .init(
            "u1 G = -u2 Q, r = p - n - 1", isValid: false,
            key: "682e0abc869f3d525a7db9ef8820b3fdfa25d920e3c6c95ecaf934c09b336cec230e0fe9539f8935c34239c8fb47ad59e19be0cfd6cf1f41624b0ab0ea4382f1",
            digest: "2954fec1708c3aee5b6966cda47e66fac165bc883299ac37638e70065137d2c4",
            signature: "000000000000000000000000000000004319055358e8617b0c46353d039cdaad517d7836469e93c3274949a80ce0b64bc7a581f4a7b32326ba395a5355187b06"),
        .init(
            "u1 G = -u2 Q with Q = -G", isValid: false,
            key: "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296b01cbd1c01e58065711814b583f061e9d431cca994cea1313449bf97c840ae0a",
            digest: "88854531133602380535a19f0351cb9dfa332c8bb6301e909444f27b0543ee18",
            signature: "88854531133602380535a19f0351cb9dfa332c8bb6301e909444f27b0543ee184c303f0bf9ffa5a106e09eee1892ae4bf30255a537616fa7bc1bde451ade0ca1"),
        .init(
            "Q = -G", isValid: true,
            key: "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296b01cbd1c01e58065711814b583f061e9d431cca994cea1313449bf97c840ae0a",
            digest: "f50cacc9f428541bc361f20a3df963175c927988a0de8329d1d9e8222865f070",
            signature: "7d5554215002e382c629805c716af948fede03f0cc92566b4b9d965d55313185126e59a861ce62fc27201a7f207743c6a412bc336a8b541002b63d86ae1c8ec3"),
        .init(
            "sum at infinity midway, Q = -G", isValid: true,
            key: "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296b01cbd1c01e58065711814b583f061e9d431cca994cea1313449bf97c840ae0a",
            digest: "e531044417d67bfa671581a2deb2bad8a4c1ac0c974d50c826899611963d970f",
            signature: "bf4c13a8de9cd1bd3505bed0f29d65647083853be92aec79293bd87ab989fad63047fb9c032f1527491e8d4f4882d70110aaf18e81741bc80238a7e0ba12935a"),
        .init(
            "sum at infinity midway, Q = -G, s - 1", isValid: false,
            key: "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296b01cbd1c01e58065711814b583f061e9d431cca994cea1313449bf97c840ae0a",
            digest: "e531044417d67bfa671581a2deb2bad8a4c1ac0c974d50c826899611963d970f",
            signature: "bf4c13a8de9cd1bd3505bed0f29d65647083853be92aec79293bd87ab989fad63047fb9c032f1527491e8d4f4882d70110aaf18e81741bc80238a7e0ba129359"),
        .init(
            "sum doubled midway, Q = G", isValid: true,
            key: "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
            digest: "d678a4cb9741754085e470e130f5a101bb19e1ab8cec3c9936bc41807e7d1160",
            signature: "9875d8762d3672e31aac67af1415baefaf3bcaaf2e0945cbdf8bd8d073a6b8e10019be9fc77d2cf90e9da554280e22333e25b3ba9fbbe97a0c855b4028a95b91"),
        .init(
            "x(R) = n + 3", isValid: true,
            key: "2ec7f82bb9678d76e61cc0f0481cf330b1e73a96a592b09d8b840f0820ac72d9f3e2c5cb3dcf7ffe6dfc490a81ca33c947d58ae723bc9ff0c4418f92e7654c7d",
            digest: "f6e4ee5d4c2b70255a686f385c27ff99cdaedcb2e65cf55aff57d89b2589d28d",
            signature: "0000000000000000000000000000000000000000000000000000000000000003cfb0665bce94a77510327c02b96737e50d0924551d8e3aaf4453c9b6c6db928e"),
        .init(
            "x(R) = n + 3, s - 1", isValid: false,
            key: "2ec7f82bb9678d76e61cc0f0481cf330b1e73a96a592b09d8b840f0820ac72d9f3e2c5cb3dcf7ffe6dfc490a81ca33c947d58ae723bc9ff0c4418f92e7654c7d",
            digest: "f6e4ee5d4c2b70255a686f385c27ff99cdaedcb2e65cf55aff57d89b2589d28d",
            signature: "0000000000000000000000000000000000000000000000000000000000000003cfb0665bce94a77510327c02b96737e50d0924551d8e3aaf4453c9b6c6db928d"),
        .init(
            "x(R) = n + 3, opposite digest", isValid: false,
            key: "2ec7f82bb9678d76e61cc0f0481cf330b1e73a96a592b09d8b840f0820ac72d9f3e2c5cb3dcf7ffe6dfc490a81ca33c947d58ae723bc9ff0c4418f92e7654c7d",
            digest: "091b11a1b3d48fdba59790c7a3d80065ef381dfac0baa929f461f227d6d952c4",
            signature: "0000000000000000000000000000000000000000000000000000000000000003cfb0665bce94a77510327c02b96737e50d0924551d8e3aaf4453c9b6c6db928e"),
        .init(
            "x(R) = n + 4", isValid: true,
            key: "0fc2cb517c619317c90de9f847a86ac3fa0395023177458fe7357cbac585d437cb858a2779dc3c96ea5a8c490c476d2ecfb0bb792ba2fa32389532e2b0ae0f88",
            digest: "631d6c7630e32b4ffafb93814a5258796e53fa3330875a0a35fcae0958c37096",
            signature: "0000000000000000000000000000000000000000000000000000000000000004380dc4161b4f1c9b205aaabe8fd363e6fb9eb00e3b4ac6496e6c57dab436c3b5"),
        .init(
            "x(R) = n + 4, s - 1", isValid: false,
            key: "0fc2cb517c619317c90de9f847a86ac3fa0395023177458fe7357cbac585d437cb858a2779dc3c96ea5a8c490c476d2ecfb0bb792ba2fa32389532e2b0ae0f88",
            digest: "631d6c7630e32b4ffafb93814a5258796e53fa3330875a0a35fcae0958c37096",
            signature: "0000000000000000000000000000000000000000000000000000000000000004380dc4161b4f1c9b205aaabe8fd363e6fb9eb00e3b4ac6496e6c57dab436c3b4"),
        .init(
            "x(R) = n + 4, opposite digest", isValid: false,
            key: "0fc2cb517c619317c90de9f847a86ac3fa0395023177458fe7357cbac585d437cb858a2779dc3c96ea5a8c490c476d2ecfb0bb792ba2fa32389532e2b0ae0f88",
            digest: "9ce29388cf1cd4b105046c7eb5ada7864e93007a7690447abdbd1cb9a39fb4bb",
            signature: "0000000000000000000000000000000000000000000000000000000000000004380dc4161b4f1c9b205aaabe8fd363e6fb9eb00e3b4ac6496e6c57dab436c3b5"),
        .init(
            "x(R) = n + 6", isValid: true,
            key: "d86fcc92e655df27c042182bc9e5e9273248d190fb28924321423a6ce186f12b7fbe4c85c3ac9b8674a55ccd945a46ec2aaf72fc59740719f09e1549f208453c",
            digest: "fc3c04ca559733c8989f3612350ffb24771cea6c0b5008bc73f7b13b5264d8ed",
            signature: "000000000000000000000000000000000000000000000000000000000000000674398431172bd90bb2e9c91afdf40cf2f314d289c027e1b7906e000001bd42f4"),
        .init(
            "x(R) = n + 6, s - 1", isValid: false,
            key: "d86fcc92e655df27c042182bc9e5e9273248d190fb28924321423a6ce186f12b7fbe4c85c3ac9b8674a55ccd945a46ec2aaf72fc59740719f09e1549f208453c",
            digest: "fc3c04ca559733c8989f3612350ffb24771cea6c0b5008bc73f7b13b5264d8ed",
            signature: "000000000000000000000000000000000000000000000000000000000000000674398431172bd90bb2e9c91afdf40cf2f314d289c027e1b7906e000001bd42f3"),
        .init(
            "x(R) = n + 6, opposite digest", isValid: false,
            key: "d86fcc92e655df27c042182bc9e5e9273248d190fb28924321423a6ce186f12b7fbe4c85c3ac9b8674a55ccd945a46ec2aaf72fc59740719f09e1549f208453c",
            digest: "03c3fb34aa68cc386760c9edcaf004db45ca10419bc795c87fc21987a9fe4c64",
            signature: "000000000000000000000000000000000000000000000000000000000000000674398431172bd90bb2e9c91afdf40cf2f314d289c027e1b7906e000001bd42f4"),
        .init(
            "x(R) = p - 3", isValid: true,
            key: "8cd0e3ce5944d6190d42c5b1a064a786c07678fcb296eb19e1a88434885ca346b1d1ea0852080359336bb4b712d0e5c5e920bd2da42729000d78ea4ff7dcdc2d",
            digest: "4d0dcd884991f44e26f1049de7009a24dd47e29c23bcf40ce40a5b5bcfd181a2",
            signature: "000000000000000000000000000000004319055358e8617b0c46353d039cdaab141dcb5b90c5b6ebf5a5c9f72cab1ecd2f418a67e30cae281551eeb60ef8295b"),
        .init(
            "r + n = p + x(R)", isValid: false,
            key: "da7f7dfa124122ab507bf88f646464dff008283347ec1cd0a2898254d93e53a697615fdce6ae7505e610eca9069c476ef4d2f3850e828826d8beb26635a8b65c",
            digest: "707bdbbd3c65ead0b2e5c95a2b226ceaa037f46ad445cfab15e78eba259dc2cb",
            signature: "000000000000000000000000000000004319055358e8617b0c46353d039cdaaed771fcc3c08325d0a67324ff26970a7518af4801923434327c4f23cca6fd04d9"),
        .init(
            "x(R) = 5", isValid: true,
            key: "6cc20cc5891e2e16cf7e500959866a42bc21dd06490879d2d2b9efdee1ffa4b5af4e397b28b949325f80403ea76c589bd3548366d96014304cd4e08a7cb01d68",
            digest: "323f60f0556394802fe968ffc903c393a891c8ac04d8fc3015ba796e071300ef",
            signature: "0000000000000000000000000000000000000000000000000000000000000005348837b5851b9297ed0c466f184d80c54a11df51c3f704e4a8bbf8ad566e8d31"),
        .init(
            "r + n = 2^256 + x(R)", isValid: false,
            key: "eb49cc0e43653a185423d85180f63c86d19ef50437ec2f4e7e0308f5d2cbd40bb645a71c9dce352cd491b37f20a4fb7769d15e85db1a057f13314a5cec73ff23",
            digest: "8f5619ee8b65e739fbf70682b4bbc09a701102e6754031824a1619e28a008583",
            signature: "000000010000004750ed65e529c84bc01e28db92b63188c9f532037aba1a27c9f0223a53ddea949b675b76e46cf0c8d003b9948c70ef9db6f4134c0f0226e87b"),
        .init(
            "ordinary", isValid: true,
            key: "682e0abc869f3d525a7db9ef8820b3fdfa25d920e3c6c95ecaf934c09b336cec230e0fe9539f8935c34239c8fb47ad59e19be0cfd6cf1f41624b0ab0ea4382f1",
            digest: "157651997024fe3d47bcde775243101962fe444781e6f6d857fbd01db97648a2",
            signature: "7a68ef880483e4fcc8df2b8e6adb3a9694f195ecfa8fae752c7d25fd6e92a6bed7a76a14c80f978fbdd7c80ae320a4751fd802edf1613910598c40d2601093c8"),
        .init(
            "ordinary, n - s", isValid: true,
            key: "682e0abc869f3d525a7db9ef8820b3fdfa25d920e3c6c95ecaf934c09b336cec230e0fe9539f8935c34239c8fb47ad59e19be0cfd6cf1f41624b0ab0ea4382f1",
            digest: "157651997024fe3d47bcde775243101962fe444781e6f6d857fbd01db97648a2",
            signature: "7a68ef880483e4fcc8df2b8e6adb3a9694f195ecfa8fae752c7d25fd6e92a6be285895ea37f06871422837f51cdf5b8a9d0ef7bfb5b665749a2d89f09c529189"),
        .init(
            "r = 0", isValid: false,
            key: "682e0abc869f3d525a7db9ef8820b3fdfa25d920e3c6c95ecaf934c09b336cec230e0fe9539f8935c34239c8fb47ad59e19be0cfd6cf1f41624b0ab0ea4382f1",
            digest: "157651997024fe3d47bcde775243101962fe444781e6f6d857fbd01db97648a2",
            signature: "0000000000000000000000000000000000000000000000000000000000000000d7a76a14c80f978fbdd7c80ae320a4751fd802edf1613910598c40d2601093c8"),
        .init(
            "s = 0", isValid: false,
            key: "682e0abc869f3d525a7db9ef8820b3fdfa25d920e3c6c95ecaf934c09b336cec230e0fe9539f8935c34239c8fb47ad59e19be0cfd6cf1f41624b0ab0ea4382f1",
            digest: "157651997024fe3d47bcde775243101962fe444781e6f6d857fbd01db97648a2",
            signature: "7a68ef880483e4fcc8df2b8e6adb3a9694f195ecfa8fae752c7d25fd6e92a6be0000000000000000000000000000000000000000000000000000000000000000"),
        .init(
            "r = s = 0", isValid: false,
            key: "682e0abc869f3d525a7db9ef8820b3fdfa25d920e3c6c95ecaf934c09b336cec230e0fe9539f8935c34239c8fb47ad59e19be0cfd6cf1f41624b0ab0ea4382f1",
            digest: "157651997024fe3d47bcde775243101962fe444781e6f6d857fbd01db97648a2",
            signature: "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"),
        .init(
            "r = n", isValid: false,
            key: "682e0abc869f3d525a7db9ef8820b3fdfa25d920e3c6c95ecaf934c09b336cec230e0fe9539f8935c34239c8fb47ad59e19be0cfd6cf1f41624b0ab0ea4382f1",
            digest: "157651997024fe3d47bcde775243101962fe444781e6f6d857fbd01db97648a2",
            signature: "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551d7a76a14c80f978fbdd7c80ae320a4751fd802edf1613910598c40d2601093c8"),
        .init(
            "s = n", isValid: false,
            key: "682e0abc869f3d525a7db9ef8820b3fdfa25d920e3c6c95ecaf934c09b336cec230e0fe9539f8935c34239c8fb47ad59e19be0cfd6cf1f41624b0ab0ea4382f1",
            digest: "157651997024fe3d47bcde775243101962fe444781e6f6d857fbd01db97648a2",
            signature: "7a68ef880483e4fcc8df2b8e6adb3a9694f195ecfa8fae752c7d25fd6e92a6beffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"),
        .init(
            "r = n + 1", isValid: false,
            key: "682e0abc869f3d525a7db9ef8820b3fdfa25d920e3c6c95ecaf934c09b336cec230e0fe9539f8935c34239c8fb47ad59e19be0cfd6cf1f41624b0ab0ea4382f1",
            digest: "157651997024fe3d47bcde775243101962fe444781e6f6d857fbd01db97648a2",
            signature: "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632552d7a76a14c80f978fbdd7c80ae320a4751fd802edf1613910598c40d2601093c8"),
        .init(
            "s = 2^256 - 1", isValid: false,
            key: "682e0abc869f3d525a7db9ef8820b3fdfa25d920e3c6c95ecaf934c09b336cec230e0fe9539f8935c34239c8fb47ad59e19be0cfd6cf1f41624b0ab0ea4382f1",
            digest: "157651997024fe3d47bcde775243101962fe444781e6f6d857fbd01db97648a2",
            signature: "7a68ef880483e4fcc8df2b8e6adb3a9694f195ecfa8fae752c7d25fd6e92a6beffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"),
        .init(
            "r = p", isValid: false,
            key: "682e0abc869f3d525a7db9ef8820b3fdfa25d920e3c6c95ecaf934c09b336cec230e0fe9539f8935c34239c8fb47ad59e19be0cfd6cf1f41624b0ab0ea4382f1",
            digest: "157651997024fe3d47bcde775243101962fe444781e6f6d857fbd01db97648a2",
            signature: "ffffffff00000001000000000000000000000000ffffffffffffffffffffffffd7a76a14c80f978fbdd7c80ae320a4751fd802edf1613910598c40d2601093c8"),
        .init(
            "s = n - 1", isValid: false,
            key: "682e0abc869f3d525a7db9ef8820b3fdfa25d920e3c6c95ecaf934c09b336cec230e0fe9539f8935c34239c8fb47ad59e19be0cfd6cf1f41624b0ab0ea4382f1",
            digest: "157651997024fe3d47bcde775243101962fe444781e6f6d857fbd01db97648a2",
            signature: "7a68ef880483e4fcc8df2b8e6adb3a9694f195ecfa8fae752c7d25fd6e92a6beffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550"),
        .init(
            "s = 1", isValid: false,
            key: "682e0abc869f3d525a7db9ef8820b3fdfa25d920e3c6c95ecaf934c09b336cec230e0fe9539f8935c34239c8fb47ad59e19be0cfd6cf1f41624b0ab0ea4382f1",
            digest: "157651997024fe3d47bcde775243101962fe444781e6f6d857fbd01db97648a2",
            signature: "7a68ef880483e4fcc8df2b8e6adb3a9694f195ecfa8fae752c7d25fd6e92a6be0000000000000000000000000000000000000000000000000000000000000001"),
        .init(
            "r = n - 1", isValid: false,
            key: "682e0abc869f3d525a7db9ef8820b3fdfa25d920e3c6c95ecaf934c09b336cec230e0fe9539f8935c34239c8fb47ad59e19be0cfd6cf1f41624b0ab0ea4382f1",
            digest: "157651997024fe3d47bcde775243101962fe444781e6f6d857fbd01db97648a2",
            signature: "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550d7a76a14c80f978fbdd7c80ae320a4751fd802edf1613910598c40d2601093c8"),
        .init(
            "r = x(R) above n", isValid: false,
            key: "11b838e7dea388d0995e42b0f37e9743cb0de5975b9082f1018cf5d1e8951da8a4c03338ac327aec5eb0a69693be62d8cfc9e48801f9fe8dc772a705c8743418",
            digest: "242186937987c80a5f9181d1a54ab6c7bb9a99df2a1ebae6a83849262a4ce787",
            signature: "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63255422992fc6f57da38fc3cb1716f915fb03760564c52a9cdddb657384509d2b3920"),
        .init(
            "s = 7", isValid: true,
            key: "51644d42bbfbf35d65bf5e0b907447c6806e6898dd17779da2ed817d58d9622938ab43a6d13429f393e98b97f3d2ebf3a00ce432660cc2fc00cf47ae1aaffebf",
            digest: "3bcc6a6f4976377924b7841e5e474aae56e26c57633ed3e4700dfdb9f8b8daf7",
            signature: "21dd47ca0002b54b06e5b6df5acf34660ccb6724580e4cc6347caa62012c0d1d0000000000000000000000000000000000000000000000000000000000000007"),
        .init(
            "s = n + 7", isValid: false,
            key: "51644d42bbfbf35d65bf5e0b907447c6806e6898dd17779da2ed817d58d9622938ab43a6d13429f393e98b97f3d2ebf3a00ce432660cc2fc00cf47ae1aaffebf",
            digest: "3bcc6a6f4976377924b7841e5e474aae56e26c57633ed3e4700dfdb9f8b8daf7",
            signature: "21dd47ca0002b54b06e5b6df5acf34660ccb6724580e4cc6347caa62012c0d1dffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632558"),
        .init(
            "u1 = 1, u2 = 1", isValid: true,
            key: "682e0abc869f3d525a7db9ef8820b3fdfa25d920e3c6c95ecaf934c09b336cec230e0fe9539f8935c34239c8fb47ad59e19be0cfd6cf1f41624b0ab0ea4382f1",
            digest: "8a3d12b24ecf3313ad9ea844bfa8c6059cc4d14b7733693083c6b34b65056072",
            signature: "8a3d12b24ecf3313ad9ea844bfa8c6059cc4d14b7733693083c6b34b650560728a3d12b24ecf3313ad9ea844bfa8c6059cc4d14b7733693083c6b34b65056072"),
        .init(
            "u1 = 1, u2 = n - 1", isValid: true,
            key: "682e0abc869f3d525a7db9ef8820b3fdfa25d920e3c6c95ecaf934c09b336cec230e0fe9539f8935c34239c8fb47ad59e19be0cfd6cf1f41624b0ab0ea4382f1",
            digest: "91703266258e9d5995da67c14f811e42b2188251f7777c6ca9ae0794ba237bf9",
            signature: "6e8fcd98da7162a76a25983eb07ee1bd0ace785bafa022184a0bc32e423fa95891703266258e9d5995da67c14f811e42b2188251f7777c6ca9ae0794ba237bf9"),
        .init(
            "u1 = n - 1, u2 = n - 1", isValid: true,
            key: "682e0abc869f3d525a7db9ef8820b3fdfa25d920e3c6c95ecaf934c09b336cec230e0fe9539f8935c34239c8fb47ad59e19be0cfd6cf1f41624b0ab0ea4382f1",
            digest: "8a3d12b24ecf3313ad9ea844bfa8c6059cc4d14b7733693083c6b34b65056072",
            signature: "8a3d12b24ecf3313ad9ea844bfa8c6059cc4d14b7733693083c6b34b6505607275c2ed4cb130cced526157bb405739fa202229622fe435546ff31777975dc4df"),
        .init(
            "u1 = 2^255 - 1, u2 = 2^255", isValid: true,
            key: "682e0abc869f3d525a7db9ef8820b3fdfa25d920e3c6c95ecaf934c09b336cec230e0fe9539f8935c34239c8fb47ad59e19be0cfd6cf1f41624b0ab0ea4382f1",
            digest: "1804e58a94b6814949c72da3b2454814ea005b56609d98ac8ec469d8df5cc8c0",
            signature: "693ddd34167aa9a27563a6c0755fb62cca9afe3cc214795272f9ae14634db25d5138f7a981c428592b9c791cc31a6e17e09aa2e66176e0a5e435443b83f0e99d"),
        .init(
            "u1 = 2^255, u2 = 2^255 - 1", isValid: true,
            key: "682e0abc869f3d525a7db9ef8820b3fdfa25d920e3c6c95ecaf934c09b336cec230e0fe9539f8935c34239c8fb47ad59e19be0cfd6cf1f41624b0ab0ea4382f1",
            digest: "376ff7550bb9b0253645a14ff9800c2af4000917a3d65db0ea99e902c379099f",
            signature: "f549079e743572469ee5c889d10a8e93a8f7d76aa406d88f1836101dd9212e0e4226efb597843ddf975fd8c628757d9707ef2c5aa6e723a6c61da3a7e6bb00e2"),
        .init(
            "u1 = 80..80, u2 = 7f..7f", isValid: true,
            key: "682e0abc869f3d525a7db9ef8820b3fdfa25d920e3c6c95ecaf934c09b336cec230e0fe9539f8935c34239c8fb47ad59e19be0cfd6cf1f41624b0ab0ea4382f1",
            digest: "2b0daca9a5d37bf8230192265c60d9fdaab5cbc96d9be797669168382e5e680d",
            signature: "24b791505887d5002cbb8f020fa81849b0f2f651c8d622111a0deaa72c17585db168ee5f3c8fe4ba58934f46ae261080b39afcb898eba4db8b270808e2f1a074"),
        .init(
            "u1 = 7f..7f, u2 = 81..81", isValid: true,
            key: "682e0abc869f3d525a7db9ef8820b3fdfa25d920e3c6c95ecaf934c09b336cec230e0fe9539f8935c34239c8fb47ad59e19be0cfd6cf1f41624b0ab0ea4382f1",
            digest: "cd72848cab47942bfb79e0e4cb9432fe6df3659bc17576093f9b0ece6e9b9179",
            signature: "82118caf7181259f43f8c632fb219ea1c2c678f8000f4d435684b289b5fe905e91e6f49d3810b974e681ff008a728aadf61194ad3034b1ae0627f8f7dc4d0c52"),
        .init(
            "u1 = 81..81, u2 = 80..80", isValid: true,
            key: "682e0abc869f3d525a7db9ef8820b3fdfa25d920e3c6c95ecaf934c09b336cec230e0fe9539f8935c34239c8fb47ad59e19be0cfd6cf1f41624b0ab0ea4382f1",
            digest: "b2a8145e01234362f9ae5c25803d3742afc2f2de3b8d73fb425fbb6f984b7eab",
            signature: "441fd4b5051911400b972dc9ec646e660096861b66f3671001a2a10db47004990601c3f4c4ae327796ba961bc97cea29d3a6db70442f81bb3d44f25176fb5624"),
        .init(
            "u1 = n / 2, u2 = n / 2 + 1", isValid: true,
            key: "682e0abc869f3d525a7db9ef8820b3fdfa25d920e3c6c95ecaf934c09b336cec230e0fe9539f8935c34239c8fb47ad59e19be0cfd6cf1f41624b0ab0ea4382f1",
            digest: "be760f4bef00c010777573eab248e2cbc9f3c47c354f9c9022c726e937b27c2c",
            signature: "4189f0b310ff3ff0888a8c154db71d33f2f3363171c801f4d0f2a3d9c4b0a9258313e16621fe7fe11115182a9b6e3a67e5e66c62e39003e9a1e547b38961524a"),
        .init(
            "u1 = 128, u2 = 129", isValid: true,
            key: "682e0abc869f3d525a7db9ef8820b3fdfa25d920e3c6c95ecaf934c09b336cec230e0fe9539f8935c34239c8fb47ad59e19be0cfd6cf1f41624b0ab0ea4382f1",
            digest: "34f38ce50f9dfaecd5b001a50d1bd92a7ad3e936b481fa98032955a0a14e4021",
            signature: "935d73fe7bbd36e30d5b61a8573610dcb7266114e545aac204ade0bf7b3d44555e69e7196c1f3bf637ab60034a1a37b23c5277de30c3b02a01848b1ed9ef0434"),
        .init(
            "u1 = 255, u2 = 256", isValid: true,
            key: "682e0abc869f3d525a7db9ef8820b3fdfa25d920e3c6c95ecaf934c09b336cec230e0fe9539f8935c34239c8fb47ad59e19be0cfd6cf1f41624b0ab0ea4382f1",
            digest: "bcb043e2bedc051a359e2c82673d30dd5f393ae80b6f325eabadf60a4a4c0ea0",
            signature: "15c609ed532f344ddc7aa72990cdfedc6765f3541786504636e6a96e862d8ed75915c60994532f34a6dc7aa72990cdfec513b319b32ebc6c7ef27e273844a588"),
        .init(
            "u1 = 2^248 - 1, u2 = 1", isValid: true,
            key: "682e0abc869f3d525a7db9ef8820b3fdfa25d920e3c6c95ecaf934c09b336cec230e0fe9539f8935c34239c8fb47ad59e19be0cfd6cf1f41624b0ab0ea4382f1",
            digest: "09772522116b2e3585da3398c497219648db818a5f01620ff960154ba90cfd11",
            signature: "58b2d2f5f5e6bd2125fc65bbad0ac115b9df82b0b6cb44d987b77817bdb5859558b2d2f5f5e6bd2125fc65bbad0ac115b9df82b0b6cb44d987b77817bdb58595"),
    ]
}

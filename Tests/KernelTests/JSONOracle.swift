// SPDX-License-Identifier: Apache-2.0
import CTokenKernels

/// The index of a document the slow, obvious way: recursive descent over an array, one function per rule of RFC 8259.
struct JSONOracle {
    private struct Refusal: Error {
        var status: ctk_json_status
        var offset: Int
    }

    private let bytes: [UInt8]
    private let limits: ctk_json_limits
    private let capacity: Int
    private var at = 0
    private var nodes: [ctk_json_node] = []

    /// The registered names in the order of their codes, which start at 1.
    static let names = [
        "iss", "sub", "aud", "exp", "nbf", "iat", "jti", "alg", "kid", "typ", "cty", "crit", "enc", "cnf", "client_id",
        "azp", "scope", "nonce", "auth_time", "acr", "amr", "at_hash", "c_hash", "sid", "zip", "jku", "jwk", "x5u",
        "x5c", "x5t", "x5t#S256", "b64", "epk", "apu", "apv", "iv", "tag", "p2s", "p2c", "act", "may_act", "events",
        "roles", "groups", "email", "name", "phone_number", "status",
    ]
    private static let codes = Dictionary(
        uniqueKeysWithValues: names.enumerated().map { (Array($1.utf8), UInt8($0 + 1)) })

    static func index(_ bytes: [UInt8], _ limits: ctk_json_limits = .open, capacity: Int = .max) -> JSONOutcome {
        var oracle = JSONOracle(bytes: bytes, limits: limits, capacity: capacity)
        do throws(Refusal) {
            try oracle.document()
            return JSONOutcome(status: CTK_JSON_OK.rawValue, offset: 0, nodes: oracle.nodes)
        } catch {
            return JSONOutcome(status: error.status.rawValue, offset: error.offset, nodes: [])
        }
    }

    private init(bytes: [UInt8], limits: ctk_json_limits, capacity: Int) {
        self.bytes = bytes
        self.limits = limits
        self.capacity = capacity
    }

    private func peek(_ ahead: Int = 0) -> UInt8? { at + ahead < bytes.count ? bytes[at + ahead] : nil }

    private func syntax() -> Refusal { Refusal(status: CTK_JSON_SYNTAX, offset: at) }

    private mutating func expect(_ text: StaticString) throws(Refusal) {
        for byte in "\(text)".utf8 {
            guard peek() == byte else { throw syntax() }
            at += 1
        }
    }

    private mutating func blanks() {
        while let byte = peek(), [0x20, 0x0A, 0x0D, 0x09].contains(byte) { at += 1 }
    }

    private mutating func document() throws(Refusal) {
        blanks()
        try value(node: ctk_json_node())
        blanks()
        if at < bytes.count { throw syntax() }
        if limits.root_must_be_object == 1, UInt32(nodes[0].kind) != CTK_JSON_OBJECT.rawValue {
            throw Refusal(status: CTK_JSON_NOT_OBJECT, offset: Int(nodes[0].value_offset))
        }
    }

    private mutating func value(node: ctk_json_node, depth: Int = 0) throws(Refusal) {
        let start = at
        guard let byte = peek(), #"{["-0123456789tfn"#.utf8.contains(byte) else { throw syntax() }
        if nodes.count >= capacity { throw Refusal(status: CTK_JSON_CAPACITY, offset: at) }
        let index = nodes.count
        nodes.append(node)
        nodes[index].value_offset = UInt32(at)
        nodes[index].depth = UInt8(depth)
        var kind = CTK_JSON_INTEGER
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            if depth >= limits.depth_max { throw Refusal(status: CTK_JSON_DEPTH, offset: at) }
            let isObject = byte == UInt8(ascii: "{")
            kind = isObject ? CTK_JSON_OBJECT : CTK_JSON_ARRAY
            let count = isObject ? try members(depth: depth + 1) : try elements(depth: depth + 1)
            nodes[index].child_count = UInt16(min(count, 65535))
        case UInt8(ascii: "\""):
            kind = CTK_JSON_STRING
            let content = try string()
            if content.isEscaped { nodes[index].flags |= 2 }
            if content.isHigh { nodes[index].flags |= 4 }
        case UInt8(ascii: "t"):
            kind = CTK_JSON_TRUE
            try expect("true")
        case UInt8(ascii: "f"):
            kind = CTK_JSON_FALSE
            try expect("false")
        case UInt8(ascii: "n"):
            kind = CTK_JSON_NULL
            try expect("null")
        default: kind = try number()
        }
        nodes[index].kind = UInt8(kind.rawValue)
        nodes[index].value_byte_count = UInt32(at - start)
        nodes[index].next = UInt32(nodes.count)
    }

    /// Steps to the next item of a container that has `count`; false when it closes instead.
    private mutating func next(after count: Int, closing: UInt8) throws(Refusal) -> Bool {
        blanks()
        if peek() == closing {
            at += 1
            return false
        }
        if count > 0 {
            try expect(",")
            blanks()
        }
        return true
    }

    private mutating func elements(depth: Int) throws(Refusal) -> Int {
        at += 1
        var count = 0
        while try next(after: count, closing: UInt8(ascii: "]")) {
            try value(node: ctk_json_node(), depth: depth)
            count += 1
        }
        return count
    }

    private mutating func members(depth: Int) throws(Refusal) -> Int {
        at += 1
        var seen: Set<[UInt8]> = []
        while try next(after: seen.count, closing: UInt8(ascii: "}")) {
            let quote = at
            guard peek() == UInt8(ascii: "\"") else { throw syntax() }
            if seen.count >= limits.member_count_max { throw Refusal(status: CTK_JSON_MEMBERS, offset: quote) }
            let name = try string()
            let byteCount = at - quote - 2
            if byteCount > 65535 { throw Refusal(status: CTK_JSON_CAPACITY, offset: quote) }
            if !seen.insert(name.bytes).inserted { throw Refusal(status: CTK_JSON_DUPLICATE, offset: quote) }
            var node = ctk_json_node()
            node.name_offset = UInt32(quote + 1)
            node.name_byte_count = UInt16(byteCount)
            node.flags = name.isEscaped ? 1 : 0
            node.name_code = depth == 1 ? Self.codes[name.bytes] ?? 0 : 0
            blanks()
            try expect(":")
            blanks()
            try value(node: node, depth: depth)
        }
        return seen.count
    }

    private mutating func digits() throws(Refusal) {
        let start = at
        while let byte = peek(), (0x30...0x39).contains(byte) { at += 1 }
        if at == start { throw syntax() }
    }

    private mutating func number() throws(Refusal) -> ctk_json_kind {
        var kind = CTK_JSON_INTEGER
        if peek() == UInt8(ascii: "-") { at += 1 }
        if peek() == UInt8(ascii: "0") { at += 1 } else { try digits() }
        if peek() == UInt8(ascii: ".") {
            kind = CTK_JSON_NUMBER
            at += 1
            try digits()
        }
        if let letter = peek(), letter | 0x20 == UInt8(ascii: "e") {
            kind = CTK_JSON_NUMBER
            at += 1
            if let sign = peek(), "+-".utf8.contains(sign) { at += 1 }
            try digits()
        }
        return kind
    }
}

// Strings.
extension JSONOracle {
    private struct Content {
        var bytes: [UInt8] = []  // unescaped
        var isEscaped = false
        var isHigh = false
    }

    private mutating func string() throws(Refusal) -> Content {
        var content = Content()
        at += 1
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "\""):
                at += 1
                return content
            case UInt8(ascii: "\\"):
                content.isEscaped = true
                content.bytes += Array(String(Character(try escape())).utf8)
            case 0x80...:
                content.isHigh = true
                content.bytes += try sequence(lead: byte)
            case 0x20...:
                content.bytes.append(byte)
                at += 1
            default: throw syntax()
            }
        }
        throw syntax()
    }

    private mutating func sequence(lead: UInt8) throws(Refusal) -> [UInt8] {
        let refusal = Refusal(status: CTK_JSON_UTF8, offset: at)
        let count = lead.leadingZeroBitCount == 0 ? (~lead).leadingZeroBitCount : 0
        guard (2...4).contains(count), at + count <= bytes.count else { throw refusal }
        var value = UInt32(lead) & (0x7F >> UInt32(count))
        for byte in bytes[at + 1..<at + count] {
            guard byte & 0xC0 == 0x80 else { throw refusal }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        // Unicode.Scalar knows the surrogates and the end; its own encoding tells an overlong form.
        guard let scalar = Unicode.Scalar(value), UTF8.width(scalar) == count else { throw refusal }
        defer { at += count }
        return Array(bytes[at..<at + count])
    }

    private mutating func hex4() throws(Refusal) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw syntax() }
            value = value << 4 | UInt32(digit)
            at += 1
        }
        return value
    }

    private mutating func escape() throws(Refusal) -> Unicode.Scalar {
        let start = at
        at += 1
        let simple: [Character: Unicode.Scalar] = [
            "\"": "\"", "\\": "\\", "/": "/", "b": "\u{8}", "f": "\u{C}", "n": "\n", "r": "\r", "t": "\t",
        ]
        guard let letter = peek() else { throw syntax() }
        if let scalar = simple[Character(Unicode.Scalar(letter))] {
            at += 1
            return scalar
        }
        try expect("u")
        let first = try hex4()
        if let scalar = Unicode.Scalar(first) { return scalar }
        let lone = Refusal(status: CTK_JSON_UTF8, offset: start)
        guard first < 0xDC00, peek() == UInt8(ascii: "\\"), peek(1) == UInt8(ascii: "u") else { throw lone }
        at += 2
        guard let second = try? hex4(), (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw lone }
        return scalar
    }
}

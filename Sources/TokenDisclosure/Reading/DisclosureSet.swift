// SPDX-License-Identifier: Apache-2.0
import TokenScan
import TokenVerify

/// The parts of one SD-JWT, and its disclosures decoded and sorted by digest. Reused; nothing of it is trusted.
///
/// `<token>~<disclosure>~…~<key binding>`, the last part empty where there is none. (RFC 9901 section 4)
struct DisclosureSet: ~Copyable {
    /// One decoded disclosure.
    struct Entry {
        /// Where it stands in the presentation.
        let place: Range<Int>
        /// Its JSON in `bytes`.
        let json: Range<Int>
        /// Its nodes in `index`.
        let nodes: Range<Int>
        /// The node of its claim name; 0 for an array element.
        let nameNode: Int
        let valueNode: Int
    }

    private struct Slot: Comparable {
        let digest: DisclosureDigest
        let entry: Int
        static func < (a: Slot, b: Slot) -> Bool { a.digest < b.digest }
        static func == (a: Slot, b: Slot) -> Bool { a.digest == b.digest }
    }

    let limits: DisclosureLimits
    private let scanLimits: ScanLimits
    /// The decoded disclosures: plain personal data, wiped.
    private(set) var bytes = ByteScratch(capacity: 2048, isSecret: true)
    private(set) var index = JSONIndex()
    private(set) var entries: [Entry] = []
    private var slots: [Slot] = []
    /// Where the disclosures stand in the presentation.
    private(set) var places: [Range<Int>] = []
    /// Bytes of the issuer-signed token.
    private(set) var tokenByteCount = 0
    /// Where the key binding starts: behind the last tilde. What stands before it is what `sd_hash` covers.
    private(set) var bindingStart = 0

    init(limits: DisclosureLimits, scanLimits: ScanLimits) {
        self.limits = limits
        self.scanLimits = scanLimits
    }

    /// Forgets the presentation before; its disclosures are wiped.
    mutating func removeAll() {
        bytes.removeAll()
        index.removeAll()
        entries.removeAll(keepingCapacity: true)
        slots.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
    }

    /// Finds the parts. One pass, bounded before any decoding.
    ///
    /// - Throws: ``Refusal``: `malformed` without a tilde or with an empty disclosure, `too-large` over a limit.
    mutating func split(_ presentation: Span<UInt8>) throws(Refusal) {
        removeAll()
        guard presentation.count <= limits.presentationByteCountMax else {
            throw Refusal(.tooLarge, offset: limits.presentationByteCountMax)
        }
        var start = 0
        var isToken = true
        for i in presentation.indices where presentation[i] == UInt8(ascii: "~") {
            if isToken {
                tokenByteCount = i
                isToken = false
            } else {
                guard i > start else { throw Refusal(.malformed, offset: i) }
                guard places.count < limits.disclosureCountMax, i - start <= limits.disclosureByteCountMax else {
                    throw Refusal(.tooLarge, offset: start)
                }
                places.append(start..<i)
            }
            start = i + 1
        }
        guard !isToken else { throw Refusal(.malformed, offset: presentation.count) }
        bindingStart = start
    }

    /// Decodes the disclosures that ``split(_:)`` found: strict base64url, JSON arrays of two or three, salts and names
    /// that are strings, names that may be disclosed, none twice. O(n log n) in their number, linear in their bytes.
    ///
    /// - Throws: ``Refusal``: `base64url`, `json`, `duplicate-member` or `too-large` for what is no such JSON,
    ///   `disclosure` for all else (RFC 9901 section 4.2).
    mutating func decode(_ presentation: Span<UInt8>) throws(Refusal) {
        for place in places {
            let text = presentation.extracting(place)
            let entry = try decodeEntry(text, place)
            slots.append(Slot(digest: DisclosureDigest(of: text), entry: entries.count))
            entries.append(entry)
        }
        slots.sort()
        for i in slots.indices.dropFirst() where slots[i] == slots[i - 1] { throw Refusal(.disclosure) }
    }

    private mutating func decodeEntry(_ text: Span<UInt8>, _ place: Range<Int>) throws(Refusal) -> Entry {
        let start = bytes.count
        do { try bytes.appendBase64URLDecoded(text) } catch {
            throw Refusal(error.at(offset: place.lowerBound + error.offset))
        }
        let json = start..<bytes.count
        let nodes: Range<Int>
        // The array around the value is not the value's depth.
        var limits = scanLimits
        limits.depthMax = min(limits.depthMax + 1, 255)
        do { nodes = try index.append(bytes, json, limits: limits, rootMustBeObject: false) } catch {
            throw Refusal(error.at(offset: place.lowerBound + error.offset / 3 * 4 + error.offset % 3))
        }
        guard let parts = Self.parts(index.view(bytes.span.extracting(json), nodes: nodes)) else {
            throw Refusal(.disclosure, offset: place.lowerBound)
        }
        return Entry(place: place, json: json, nodes: nodes, nameNode: parts.name, valueNode: parts.value)
    }

    /// `[salt, value]` or `[salt, name, value]`; nil for another shape or a reserved name.
    private static func parts(_ view: JSONView) -> (name: Int, value: Int)? {
        let root = view[0]
        guard root.valueKind == .array, root.childCount == 2 || root.childCount == 3, view[1].isString else {
            return nil
        }
        if root.childCount == 2 { return (0, 2) }
        guard view[2].isString else { return nil }
        let name = view.json.extracting(view[2].stringRange)
        guard !name.equalsUnescaped("_sd"), !name.equalsUnescaped("...") else { return nil }
        return (2, 3)
    }

    /// The disclosure that a digest names; nil when none does. O(log n).
    func entry(of digest: DisclosureDigest) -> Int? {
        var low = 0
        var high = slots.count
        while low < high {
            let middle = (low + high) / 2
            if slots[middle].digest < digest { low = middle + 1 } else { high = middle }
        }
        guard low < slots.count, slots[low].digest == digest else { return nil }
        return slots[low].entry
    }
}

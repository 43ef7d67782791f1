// SPDX-License-Identifier: Apache-2.0
import CTokenKernels

/// The headers seen lately, by their exact segment bytes: tokens of one key repeat one header, so most tokens
/// need neither decode nor parse theirs.
///
/// A hit compares every byte of the segment, so it gives what parsing would give. Bounded: past
/// `headerCountMax` the memo is emptied at the next `reset()`.
struct HeaderMemo: ~Copyable {
    static let headerCountMax = 64
    private static let slotCount = 256

    private let layout = PassedByAddress()

    private(set) var bytes = ByteScratch(capacity: 4_096)
    private(set) var nodes = JSONIndex()
    private(set) var headers: [TokenHeader] = []
    /// Which emptying of the memo the ids belong to.
    private(set) var epoch: UInt32 = 0
    /// The id given last, -1 when none: most tokens have the header of the one before.
    private(set) var last: Int32 = -1
    /// Latest id per hash slot, -1 when none.
    private var slots = [Int32](repeating: -1, count: HeaderMemo.slotCount)

    init() { headers.reserveCapacity(Self.headerCountMax) }

    /// Empties the memo when it is over its bound. Ids given before are then void.
    mutating func trim() {
        guard headers.count > Self.headerCountMax else { return }
        bytes.removeAll()
        nodes.removeAll()
        headers.removeAll(keepingCapacity: true)
        for i in slots.indices { slots[i] = -1 }
        last = -1
        epoch &+= 1
    }

    /// The segment of the header with this id.
    @_lifetime(borrow self)
    @inline(__always)
    func segment(_ id: Int32) -> Span<UInt8> { bytes.span.extracting(headers[Int(id)].segment.range) }

    /// The id of the header that `segment` encodes, parsed now when it was not seen lately.
    mutating func id(of segment: Span<UInt8>, limits: ScanLimits) throws(ScanError) -> Int32 {
        // Mostly the header is the one before: a comparison is cheaper than a hash.
        if last >= 0, self.segment(last).equals(segment) { return last }
        last = -1
        last = try lookUp(segment, limits: limits)
        return last
    }

    private mutating func lookUp(_ segment: Span<UInt8>, limits: ScanLimits) throws(ScanError) -> Int32 {
        let slot = Self.slot(of: segment)
        let latest = slots[slot]
        if latest >= 0, self.segment(latest).equals(segment) { return latest }
        let id = Int32(truncatingIfNeeded: headers.count)
        headers.append(try parse(segment, limits: limits))
        slots[slot] = id
        return id
    }

    private mutating func parse(_ segment: Span<UInt8>, limits: ScanLimits) throws(ScanError) -> TokenHeader {
        let segmentStart = bytes.count
        bytes.append(segment)
        let jsonStart = bytes.count
        do {
            try bytes.appendBase64URLDecoded(segment)
            let json = jsonStart..<bytes.count
            var header = TokenHeader(
                segment: segmentStart..<jsonStart, json: json,
                nodes: try nodes.append(bytes, json, limits: limits))
            var unescaped = ByteScratch()
            locate(&header, unescaped: &unescaped)
            bytes.append(unescaped.span)
            return header
        } catch {
            bytes.truncate(to: segmentStart)
            if case .base64url = error { throw error }
            throw error.at(offset: error.offset / 3 * 4 &+ error.offset % 3)
        }
    }

    /// Finds the parameters that matter. Texts written with escapes go to `unescaped`, which the caller appends
    /// to `bytes` next: that is where their ranges point.
    private func locate(_ header: inout TokenHeader, unescaped: inout ByteScratch) {
        let view = view(of: header)
        let end = view[0].subtreeEnd
        var node = 1
        while node < end {
            switch ctk_json_name(UInt32(view[node].name_code)) {
            case CTK_JSON_NAME_ALG: header.algorithm = text(view, node, header, &unescaped)
            case CTK_JSON_NAME_KID: header.keyID = text(view, node, header, &unescaped)
            case CTK_JSON_NAME_TYP: header.type = text(view, node, header, &unescaped)
            case CTK_JSON_NAME_CRIT: header.criticalNode = UInt32(truncatingIfNeeded: node)
            case CTK_JSON_NAME_B64: header.hasPayloadEncoding = true
            default: break
            }
            node = view[node].subtreeEnd
        }
    }

    private func text(
        _ view: JSONView, _ node: Int, _ header: TokenHeader, _ unescaped: inout ByteScratch
    ) -> TokenHeader.Text {
        guard view[node].isString else { return .notString }
        if view[node].isValueEscaped {
            let start = unescaped.count
            view.appendText(node, to: &unescaped)
            return .text(ArenaRange((bytes.count + start)..<(bytes.count + unescaped.count)))
        }
        let content = view[node].stringRange
        let start = header.json.range.lowerBound + content.lowerBound
        return .text(ArenaRange(start..<(start + content.count)))
    }

    /// A readable view of a header's JSON.
    @_lifetime(borrow self)
    func view(of header: TokenHeader) -> JSONView {
        nodes.view(bytes.span.extracting(header.json.range), nodes: header.nodes.range)
    }

    /// The bytes of a text parameter.
    @_lifetime(borrow self)
    func text(_ range: ArenaRange) -> Span<UInt8> { bytes.span.extracting(range.range) }

    /// A cheap hash over every byte of the segment. It picks a slot and decides nothing.
    private static func slot(of segment: Span<UInt8>) -> Int {
        var hash = UInt64(truncatingIfNeeded: segment.count)
        // SAFETY: every load stays inside the span's bytes.
        unsafe segment.withUnsafeBytes { raw in
            var i = 0
            while i &+ 8 <= raw.count {
                let word = unsafe raw.loadUnaligned(fromByteOffset: i, as: UInt64.self)
                hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
                hash ^= hash >> 29
                i &+= 8
            }
            while i < raw.count {
                hash = (hash ^ UInt64(unsafe raw[i])) &* 0x0000_0100_0000_01B3
                i &+= 1
            }
        }
        return Int(truncatingIfNeeded: (hash ^ (hash >> 32)) % UInt64(slotCount))
    }
}

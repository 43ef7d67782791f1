// SPDX-License-Identifier: Apache-2.0
package import TokenCrypto
package import TokenScan
package import TokenVerify

/// Turns a plain claims set and its marks into the payload of an SD-JWT and its disclosures (RFC 9901 section 4).
///
/// Salts are 128 fresh random bits for each disclosure; one that comes twice in a token fails the random source.
/// Digests of an object are sorted, so that their order tells nothing; decoys are digests of 256 random bits. One a
/// thread, reused; nothing is allocated once it has grown to the largest token.
package struct DisclosureWriter: ~Copyable {
    /// The payload that is signed.
    package private(set) var payload = ByteScratch(capacity: 2048)
    /// The disclosures, each with a tilde before it. Plain personal data, wiped.
    package private(set) var disclosures = ByteScratch(capacity: 2048, isSecret: true)
    /// Disclosures written.
    package private(set) var count = 0
    private var index = JSONIndex()
    private var work = State()

    /// What changes while the claims set is walked.
    private struct State: ~Copyable {
        var output = ByteScratch(capacity: 2048, isSecret: true)
        var digests: [DisclosureDigest] = []
        var salts: [UInt128] = []
        /// The next mark of each list.
        var value = 0
        var container = 0
        var count = 0
    }

    /// Makes a writer with empty memory.
    package init() {}

    /// Forgets the claims set; its disclosures are wiped.
    package mutating func removeAll() {
        payload.removeAll()
        disclosures.removeAll()
        work.output.removeAll()
        work.digests.removeAll(keepingCapacity: true)
        work.salts.removeAll(keepingCapacity: true)
        work.value = 0
        work.container = 0
        work.count = 0
        count = 0
    }

    /// Writes ``payload`` and ``disclosures`` for `claims`, a JSON object whose places `marks` were noted on.
    ///
    /// - Throws: ``Refusal``: `policy` where `_sd` or `...` is the name of a member (RFC 9901 section 4.1), `too-large`
    ///   over the limits, `storage` when random bytes cannot be had or repeat.
    package mutating func write(
        _ claims: Span<UInt8>, _ marks: borrowing DisclosureMarks, limits: ScanLimits,
        disclosureLimits: DisclosureLimits = DisclosureLimits(), random: inout RandomBytes
    ) throws(Refusal) {
        removeAll()
        do { try index.build(claims, limits: limits) } catch { throw Refusal(error) }
        try Self.appendRoot(index, claims, marks, &work, &disclosures, random: &random)
        payload.append(contentsOf: work.output)
        count = work.count
        work.salts.sort()
        for i in work.salts.indices.dropFirst() where work.salts[i] == work.salts[i - 1] {
            throw Refusal(.storage)
        }
        guard count <= disclosureLimits.disclosureCountMax,
            disclosures.count <= disclosureLimits.presentationByteCountMax
        else { throw Refusal(.tooLarge) }
    }

    // MARK: The walk

    private static func appendRoot(
        _ index: borrowing JSONIndex, _ claims: Span<UInt8>, _ marks: borrowing DisclosureMarks, _ work: inout State,
        _ disclosures: inout ByteScratch, random: inout RandomBytes
    ) throws(Refusal) {
        try appendObject(
            0, index.view(claims), marks, inherited: nil, &work, &disclosures, random: &random, isTop: true)
    }

    private static func appendValue(
        _ node: Int, _ view: JSONView, _ marks: borrowing DisclosureMarks, inherited: DisclosureMarks.Value?,
        _ work: inout State, _ disclosures: inout ByteScratch, random: inout RandomBytes
    ) throws(Refusal) {
        switch view[node].valueKind {
        case .object:
            try appendObject(
                node, view, marks, inherited: inherited, &work, &disclosures, random: &random, isTop: false)
        case .array:
            try appendArray(node, view, marks, inherited: inherited, &work, &disclosures, random: &random)
        default: work.output.append(view.value(node))
        }
    }

    private static func appendObject(
        _ parent: Int, _ view: JSONView, _ marks: borrowing DisclosureMarks, inherited: DisclosureMarks.Value?,
        _ work: inout State, _ disclosures: inout ByteScratch, random: inout RandomBytes, isTop: Bool
    ) throws(Refusal) {
        let decoys = takeContainer(at: view[parent].valueRange.lowerBound, marks, inherited, &work)
        let firstDigest = work.digests.count
        work.output.append(UInt8(ascii: "{"))
        var needsComma = false
        var node = parent + 1
        let end = view[parent].subtreeEnd
        while node < end {
            guard !DisclosureNames.isReserved(view, node) else { throw Refusal(.policy) }
            if let mark = takeValue(at: view[node].valueRange.lowerBound, marks, inherited, &work) {
                try disclose(node, view, marks, mark, isMember: true, &work, &disclosures, random: &random)
            } else {
                if needsComma { work.output.append(UInt8(ascii: ",")) }
                needsComma = true
                appendName(node, view, to: &work.output)
                work.output.append(UInt8(ascii: ":"))
                try appendValue(node, view, marks, inherited: nil, &work, &disclosures, random: &random)
            }
            node = view[node].subtreeEnd
        }
        let own = work.digests.count - firstDigest
        for _ in 0..<(max(0, decoys.ruleCount - own) + decoys.decoyCount) {
            work.digests.append(try decoy(&random))
        }
        appendDigests(from: firstDigest, &work, &needsComma)
        if isTop {
            if needsComma { work.output.append(UInt8(ascii: ",")) }
            work.output.append("\"_sd_alg\":\"sha-256\"")
        }
        work.output.append(UInt8(ascii: "}"))
    }

    private static func appendArray(
        _ parent: Int, _ view: JSONView, _ marks: borrowing DisclosureMarks, inherited: DisclosureMarks.Value?,
        _ work: inout State, _ disclosures: inout ByteScratch, random: inout RandomBytes
    ) throws(Refusal) {
        var decoyCount = takeContainer(at: view[parent].valueRange.lowerBound, marks, inherited, &work).decoyCount
        var elementCount = view[parent].childCount
        work.output.append(UInt8(ascii: "["))
        var needsComma = false
        var node = parent + 1
        let end = view[parent].subtreeEnd
        while node < end || decoyCount > 0 {
            if needsComma { work.output.append(UInt8(ascii: ",")) }
            needsComma = true
            // Elements keep their order; every way to put the decoys among them is as likely.
            if decoyCount > 0, try isDecoyNext(decoyCount, elementCount, &random) {
                decoyCount -= 1
                appendElementDigest(try decoy(&random), to: &work.output)
                continue
            }
            elementCount -= 1
            if let mark = takeValue(at: view[node].valueRange.lowerBound, marks, inherited, &work) {
                try disclose(node, view, marks, mark, isMember: false, &work, &disclosures, random: &random)
                if let digest = work.digests.popLast() { appendElementDigest(digest, to: &work.output) }
            } else {
                try appendValue(node, view, marks, inherited: nil, &work, &disclosures, random: &random)
            }
            node = view[node].subtreeEnd
        }
        work.output.append(UInt8(ascii: "]"))
    }

    /// Writes the disclosure of one member or element to `disclosures`, and puts its digest on the stack.
    private static func disclose(
        _ node: Int, _ view: JSONView, _ marks: borrowing DisclosureMarks, _ mark: DisclosureMarks.Value,
        isMember: Bool, _ work: inout State, _ disclosures: inout ByteScratch, random: inout RandomBytes
    ) throws(Refusal) {
        let start = work.output.count
        work.output.append("[\"")
        work.salts.append(try appendSalt(to: &work.output, &random))
        work.output.append("\",")
        if isMember {
            appendName(node, view, to: &work.output)
            work.output.append(UInt8(ascii: ","))
        }
        try appendValue(
            node, view, marks, inherited: mark.isRecursive ? mark : nil, &work, &disclosures, random: &random)
        work.output.append(UInt8(ascii: "]"))
        disclosures.append(UInt8(ascii: "~"))
        let textStart = disclosures.count
        appendBase64URL(of: work.output, from: start, to: &disclosures)
        work.output.truncate(to: start)
        work.digests.append(DisclosureDigest(of: disclosures.span.extracting(textStart..<disclosures.count)))
        work.count += 1
    }

    // MARK: Pieces

    /// The mark of the value at `offset`, taken from the list or inherited from a recursive one around it.
    private static func takeValue(
        at offset: Int, _ marks: borrowing DisclosureMarks, _ inherited: DisclosureMarks.Value?, _ work: inout State
    ) -> DisclosureMarks.Value? {
        guard work.value < marks.values.count, marks.values[work.value].offset == offset else { return inherited }
        work.value += 1
        return marks.values[work.value - 1]
    }

    private static func takeContainer(
        at offset: Int, _ marks: borrowing DisclosureMarks, _ inherited: DisclosureMarks.Value?, _ work: inout State
    ) -> (ruleCount: Int, decoyCount: Int) {
        guard work.container < marks.containers.count, marks.containers[work.container].offset == offset else {
            return (0, inherited?.decoyCount ?? 0)
        }
        work.container += 1
        let mark = marks.containers[work.container - 1]
        return (mark.ruleCount, mark.decoyCount)
    }

    private static func appendName(_ node: Int, _ view: JSONView, to output: inout ByteScratch) {
        output.append(UInt8(ascii: "\""))
        output.append(view.name(node))
        output.append(UInt8(ascii: "\""))
    }

    private static func appendBase64URL(of bytes: borrowing ByteScratch, from start: Int, to output: inout ByteScratch)
    {
        output.appendBase64URL(bytes.span.extracting(start..<bytes.count))
    }

    private static func appendDigests(from first: Int, _ work: inout State, _ needsComma: inout Bool) {
        guard work.digests.count > first else { return }
        if needsComma { work.output.append(UInt8(ascii: ",")) }
        needsComma = true
        work.output.append("\"_sd\":[")
        sort(&work.digests, from: first)
        for i in first..<work.digests.count {
            if i > first { work.output.append(UInt8(ascii: ",")) }
            work.digests[i].appendString(to: &work.output)
        }
        work.digests.removeSubrange(first...)
        work.output.append(UInt8(ascii: "]"))
    }

    /// Heap sort of the end of a list: in place, where sorting a slice would copy it.
    private static func sort(_ digests: inout [DisclosureDigest], from first: Int) {
        var count = digests.count - first
        func sink(_ start: Int) {
            var parent = start
            while true {
                var child = 2 * parent + 1
                guard child < count else { return }
                if child + 1 < count, digests[first + child] < digests[first + child + 1] { child += 1 }
                guard digests[first + parent] < digests[first + child] else { return }
                digests.swapAt(first + parent, first + child)
                parent = child
            }
        }
        for start in stride(from: count / 2 - 1, through: 0, by: -1) { sink(start) }
        while count > 1 {
            count -= 1
            digests.swapAt(first, first + count)
            sink(0)
        }
    }

    private static func appendElementDigest(_ digest: DisclosureDigest, to output: inout ByteScratch) {
        output.append("{\"...\":")
        digest.appendString(to: &output)
        output.append(UInt8(ascii: "}"))
    }

    // MARK: Randomness

    private static func appendSalt(
        to output: inout ByteScratch, _ random: inout RandomBytes
    ) throws(Refusal) -> UInt128 {
        var bytes = InlineArray<16, UInt8>(repeating: 0)
        var span = bytes.mutableSpan
        do { try random.fill(&span) } catch { throw Refusal(.storage) }
        output.appendBase64URL(bytes.span)
        var salt: UInt128 = 0
        for i in 0..<16 { salt = salt << 8 | UInt128(bytes[i]) }
        return salt
    }

    private static func decoy(_ random: inout RandomBytes) throws(Refusal) -> DisclosureDigest {
        var bytes = InlineArray<32, UInt8>(repeating: 0)
        var span = bytes.mutableSpan
        do { try random.fill(&span) } catch { throw Refusal(.storage) }
        return DisclosureDigest(of: bytes.span)
    }

    /// Whether a decoy comes next where `decoyCount` of them and `elementCount` elements are left: true with chance
    /// decoys / all, from 64 random bits, whose bias is below 2^-48.
    private static func isDecoyNext(
        _ decoyCount: Int, _ elementCount: Int, _ random: inout RandomBytes
    ) throws(Refusal) -> Bool {
        var bytes = InlineArray<8, UInt8>(repeating: 0)
        var span = bytes.mutableSpan
        do { try random.fill(&span) } catch { throw Refusal(.storage) }
        var value: UInt64 = 0
        for i in 0..<8 { value = value << 8 | UInt64(bytes[i]) }
        return value % UInt64(decoyCount + elementCount) < UInt64(decoyCount)
    }
}

extension ByteScratch {
    /// Appends all bytes of another buffer.
    fileprivate mutating func append(contentsOf other: borrowing ByteScratch) { append(other.span) }
}

// SPDX-License-Identifier: Apache-2.0
import TokenScan

/// What is done with one member or element.
enum ClaimOperation: UInt8, Sendable {
    /// Copied byte for byte with everything inside.
    case keep
    case drop
    /// An object or array whose inside has rules of its own; `argument` is its level.
    case enter
    /// `argument` counts in `pseudonyms`.
    case pseudonym
    case random
    /// `argument` counts in `masks`.
    case mask
    /// `argument` counts in `generalizers`.
    case generalize
    /// Copied into a disclosure; `argument` counts in `disclosures`.
    case disclose
    /// `argument` counts in `sivs`.
    case siv
    /// Set aside for a recipient; `argument` counts in the policy's recipients.
    case encrypt
    /// Stored, with a reference in its place; `argument` counts in `vaults`.
    case vault
    /// Written by the engine: neither carried nor counted as unlisted.
    case engine
    /// A claim that refuses the token when no rule covers it (`cnf`).
    case refuse
}

/// One known member name, or the elements of an array.
struct ClaimEntry: Sendable {
    let first: UInt64
    let last: UInt64
    let byteCount: UInt32
    let nameOffset: UInt32
    /// Where `,"name":` stands; without its comma from the next byte on. Elements have the comma alone.
    let outputOffset: UInt32
    let outputByteCount: UInt32
    let argument: UInt16
    let operation: ClaimOperation
}

/// The names known inside one object, and the rule for elements when the value is an array.
struct ClaimLevel: Sendable {
    let slotStart: Int
    let slotMask: Int
    let seed: UInt64
    /// The entry of array elements; -1 when arrays have no rule here.
    let elementEntry: Int
    let hasMembers: Bool
}

/// The digests that the objects and arrays of a level get beyond those of the values they hold.
struct LevelDigests: Sendable {
    /// `disclose` rules for members: an object has so many digests at least.
    var memberRuleCount = 0
    var memberDecoyCount = 0
    var elementDecoyCount = 0

    var isEmpty: Bool { memberRuleCount == 0 && elementDecoyCount == 0 }
}

/// The claim rules as flat tables: one lookup a member, no allocation, no string. Immutable and Sendable.
package struct ClaimProgram: Sendable {
    private(set) var levels: [ClaimLevel] = []
    private(set) var entries: [ClaimEntry] = []
    /// Open-addressed tables of all levels: entry index + 1, 0 for an empty slot.
    private(set) var slots: [UInt16] = []
    /// Names and `,"name":` texts.
    private(set) var text: [UInt8] = []
    private(set) var pseudonyms: [ClaimRule.PseudonymRule] = []
    private(set) var sivs: [ClaimRule.SivRule] = []
    private(set) var masks: [ClaimRule.MaskRule] = []
    private(set) var generalizers: [ClaimRule.GeneralizeRule] = []
    private(set) var disclosures: [ClaimRule.DiscloseRule] = []
    private(set) var vaults: [ClaimRule.VaultRule] = []
    /// One a level.
    private(set) var digests: [LevelDigests] = []
    let hasShift: Bool

    /// The entry of a member called `name` at a level; nil when no rule names it. `name` is unescaped.
    @inline(__always)
    func entry(level: Int, named name: Span<UInt8>) -> Int? {
        let table = levels[level]
        let key = NameKey(name)
        var slot = Int(truncatingIfNeeded: key.hash(seed: table.seed)) & table.slotMask
        while true {
            let index = Int(slots[table.slotStart &+ slot]) &- 1
            if index < 0 { return nil }
            if matches(entries[index], key, name) { return index }
            slot = (slot &+ 1) & table.slotMask
        }
    }

    @inline(__always)
    private func matches(_ entry: ClaimEntry, _ key: NameKey, _ name: Span<UInt8>) -> Bool {
        guard entry.first == key.first, entry.last == key.last, entry.byteCount == key.byteCount else { return false }
        if key.byteCount <= 16 { return true }
        let start = Int(entry.nameOffset)
        return text.span.extracting(start..<(start &+ name.count)).equals(name)
    }

    init(_ tree: ClaimTree, writesClientID: Bool) {
        hasShift = tree.nodes.contains { node in
            if case .generalize(let rule)? = node.rule, case .shift = rule.method { true } else { false }
        }
        var members = tree.nodes[0].members.map { Member(name: $0.name, node: $0.node) }
        if writesClientID { members.removeAll { $0.name.isText("client_id") } }
        var own: [(String, ClaimOperation)] = ClaimRegistry.engineOwned.map { ($0, .engine) }
        own += ClaimRegistry.neverCarried.map { ($0, .drop) }
        if writesClientID { own.append(("client_id", .engine)) }
        own.append(("cnf", .refuse))
        for (name, operation) in own where !members.contains(where: { $0.name.isText(name) }) {
            members.append(Member(name: Array(name.utf8), operation: operation))
        }
        _ = addLevel(tree, members, element: nil)
    }

    private struct Member {
        let name: [UInt8]
        var node: Int?
        var operation: ClaimOperation?
    }

    private mutating func addLevel(_ tree: ClaimTree, _ members: [Member], element: Int?) -> Int {
        let index = levels.count
        levels.append(ClaimLevel(slotStart: 0, slotMask: 0, seed: 0, elementEntry: -1, hasMembers: false))
        digests.append(LevelDigests())
        var own: [Int] = []
        for member in members {
            let entry = addEntry(tree, member, isElement: false)
            entries.append(entry)
            own.append(entries.count - 1)
        }
        var elementEntry = -1
        if let element {
            let entry = addEntry(tree, Member(name: [], node: element), isElement: true)
            entries.append(entry)
            elementEntry = entries.count - 1
        }
        levels[index] = addSlots(own, elementEntry: elementEntry)
        for entry in own where entries[entry].operation == .disclose {
            digests[index].memberRuleCount += 1
            digests[index].memberDecoyCount += disclosures[Int(entries[entry].argument)].decoyCount
        }
        if elementEntry >= 0, entries[elementEntry].operation == .disclose {
            digests[index].elementDecoyCount = disclosures[Int(entries[elementEntry].argument)].decoyCount
        }
        return index
    }

    private mutating func addEntry(_ tree: ClaimTree, _ member: Member, isElement: Bool) -> ClaimEntry {
        var operation = member.operation ?? .drop
        var argument = 0
        var outputName = member.name
        if let nodeIndex = member.node {
            let node = tree.nodes[nodeIndex]
            outputName = node.outputName
            (operation, argument) = self.operation(tree, node)
        }
        let nameOffset = text.count
        text += member.name
        let outputOffset = text.count
        text.append(UInt8(ascii: ","))
        if !isElement { text += Self.jsonString(outputName) + [UInt8(ascii: ":")] }
        let key = NameKey(member.name.span)
        return ClaimEntry(
            first: key.first, last: key.last, byteCount: key.byteCount, nameOffset: UInt32(nameOffset),
            outputOffset: UInt32(outputOffset), outputByteCount: UInt32(text.count - outputOffset),
            argument: UInt16(argument), operation: operation)
    }

    private mutating func operation(_ tree: ClaimTree, _ node: ClaimTree.Node) -> (ClaimOperation, Int) {
        switch node.rule {
        case nil:
            let members = node.members.map { Member(name: $0.name, node: $0.node) }
            return (.enter, addLevel(tree, members, element: node.element))
        case .keep: return (.keep, 0)
        case .drop: return (.drop, 0)
        case .random: return (.random, 0)
        case .siv(let rule):
            sivs.append(rule)
            return (.siv, sivs.count - 1)
        case .encrypt(let recipient): return (.encrypt, recipient)
        case .pseudonym(let rule):
            pseudonyms.append(rule)
            return (.pseudonym, pseudonyms.count - 1)
        case .mask(let rule):
            masks.append(rule)
            return (.mask, masks.count - 1)
        case .vault(let rule):
            vaults.append(rule)
            return (.vault, vaults.count - 1)
        case .disclose(let rule):
            disclosures.append(rule)
            return (.disclose, disclosures.count - 1)
        case .generalize(let rule):
            generalizers.append(rule)
            return (.generalize, generalizers.count - 1)
        }
    }

    /// A table at most half full; of 64 seeds the first without any collision is taken.
    private mutating func addSlots(_ own: [Int], elementEntry: Int) -> ClaimLevel {
        var size = 4
        while size < own.count * 2 { size *= 2 }
        var seed: UInt64 = 0
        for candidate in 0..<64 {
            seed = UInt64(candidate) &* 0xA076_1D64_78BD_642F
            let homes = own.map { Int(truncatingIfNeeded: key(of: $0).hash(seed: seed)) & (size - 1) }
            if Set(homes).count == homes.count { break }
        }
        let start = slots.count
        slots += [UInt16](repeating: 0, count: size)
        for index in own {
            var slot = Int(truncatingIfNeeded: key(of: index).hash(seed: seed)) & (size - 1)
            while slots[start + slot] != 0 { slot = (slot + 1) & (size - 1) }
            slots[start + slot] = UInt16(index + 1)
        }
        return ClaimLevel(
            slotStart: start, slotMask: size - 1, seed: seed, elementEntry: elementEntry, hasMembers: !own.isEmpty)
    }

    private func key(of index: Int) -> NameKey {
        let start = Int(entries[index].nameOffset)
        return NameKey(text.span.extracting(start..<(start + Int(entries[index].byteCount))))
    }

    static func jsonString(_ utf8: [UInt8]) -> [UInt8] {
        var scratch = ByteScratch(capacity: utf8.count + 2)
        scratch.appendJSONString(utf8.span)
        return [UInt8](scratch.span)
    }
}

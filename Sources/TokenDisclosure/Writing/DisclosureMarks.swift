// SPDX-License-Identifier: Apache-2.0

/// What becomes selectively disclosable in a claims set that is being written: noted by place while it is written, and
/// applied by ``DisclosureWriter`` when it is whole. Reused.
package struct DisclosureMarks: Sendable {
    struct Value: Sendable {
        let offset: Int
        let isRecursive: Bool
        let decoyCount: Int
    }

    struct Container: Sendable {
        let offset: Int
        let ruleCount: Int
        let decoyCount: Int
    }

    /// In the order of their places, as is `containers`.
    private(set) var values: [Value] = []
    private(set) var containers: [Container] = []

    /// No marks.
    package init() {}

    /// Forgets all marks and keeps the memory.
    package mutating func removeAll() {
        values.removeAll(keepingCapacity: true)
        containers.removeAll(keepingCapacity: true)
    }

    /// Forgets the marks of what was written at `offset` and later, and is taken back.
    package mutating func removeAll(from offset: Int) {
        while let last = values.last, last.offset >= offset { values.removeLast() }
        while let last = containers.last, last.offset >= offset { containers.removeLast() }
    }

    /// The member or element whose value starts at `offset` becomes a disclosure.
    ///
    /// `isRecursive` makes each member and element inside a disclosure of its own, at every level; each object and
    /// array inside then gets `decoyCount` decoys.
    package mutating func addValue(at offset: Int, isRecursive: Bool, decoyCount: Int) {
        values.append(Value(offset: offset, isRecursive: isRecursive, decoyCount: decoyCount))
    }

    /// The object or array that starts at `offset` gets decoys: `decoyCount` of them, and in an object so many more
    /// that it has `ruleCount` digests at least, so that nobody can count which claims a person has.
    package mutating func addContainer(at offset: Int, ruleCount: Int, decoyCount: Int) {
        containers.append(Container(offset: offset, ruleCount: ruleCount, decoyCount: decoyCount))
    }
}

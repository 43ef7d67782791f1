// SPDX-License-Identifier: Apache-2.0

/// One thing that is fed arbitrary bytes. A run that returns found nothing; `require` ends the process otherwise.
protocol FuzzTarget: SendableMetatype {
    /// The name on the command line and of the folders of seeds and findings.
    static var name: String { get }
    /// Inputs to start from, beside those under `Seeds`.
    static func seeds() throws -> [[UInt8]]
    init() throws
    mutating func run(_ input: [UInt8])
}

/// Every target there is, in the order of the engine's modules.
let fuzzTargets: [any FuzzTarget.Type] = [
    Base64URLTarget.self, JSONTarget.self, CompactTarget.self, KeysTarget.self, VerifyTarget.self, ClaimsTarget.self,
    CacheTarget.self, EncryptionTarget.self, DisclosureTarget.self, CanonicalTarget.self, PolicyTarget.self,
    ExchangeTarget.self,
]

/// Ends the run as a finding when `condition` does not hold.
func require(_ condition: @autoclosure () -> Bool, _ text: StaticString) {
    if !condition() { preconditionFailure("\(text)") }
}

// SPDX-License-Identifier: Apache-2.0
import COpenSSLPeer
import Foundation
import TokenCrypto
import TokenScan

/// What the trials of one key share: the key, its content algorithm, and 200 bytes of claims.
struct EncryptionSetup {
    let key: EncryptionKey
    let content: ContentEncryption
    let nonces: NonceLease?
    let plaintext: [UInt8]

    static let plaintextByteCount = 200

    init(_ algorithm: KeyManagement, _ content: ContentEncryption, curve: EncryptionKey.Curve? = nil)
        throws(BenchFailure)
    {
        self.content = content
        plaintext = Array((#"{"address":{"street":""# + String(repeating: "x", count: 176) + #""}}"#).utf8)
        do {
            key = try EncryptionKey.generate(
                algorithm: algorithm, curve: curve, contentEncryption: algorithm == .direct ? content : nil,
                keyID: Array("bench-1".utf8))
            let path = FileManager.default.temporaryDirectory.appendingPathComponent("nonces-\(UUID().uuidString)").path
            nonces = algorithm.needsNonceLease ? try NonceLease(key: key, path: path) : nil
            // The state is only needed across runs, and the lease keeps its block.
            try? FileManager.default.removeItem(atPath: path)
        } catch {
            throw .input("cannot make a \(algorithm.jwaName) key")
        }
    }

    /// A token of the plaintext.
    func token() throws(BenchFailure) -> [UInt8] {
        do {
            var encryptor = try Encryptor(key: key, contentEncryption: content, nonces: nonces)
            var output = ByteScratch()
            try encryptor.encrypt(plaintext.span, into: &output)
            return output.copy
        } catch {
            throw .input("cannot encrypt with \(key.algorithm.jwaName)")
        }
    }
}

/// `jwe.<alg>.<enc>.encrypt`: one claim group to one recipient, with its binding.
struct EncryptGroup: Workload, ~Copyable {
    private let setup: EncryptionSetup
    private var encryptor: Encryptor
    private var output = ByteScratch(capacity: 2048)
    private let binding = [UInt8](repeating: 7, count: 16)

    private init(_ setup: EncryptionSetup, _ encryptor: consuming Encryptor) {
        self.setup = setup
        self.encryptor = encryptor
    }

    static func make(_ setup: EncryptionSetup) throws(BenchFailure) -> EncryptGroup {
        EncryptGroup(setup, try encryptor(setup))
    }

    private static func encryptor(_ setup: EncryptionSetup) throws(BenchFailure) -> Encryptor {
        do {
            return try Encryptor(key: setup.key, contentEncryption: setup.content, nonces: setup.nonces)
        } catch {
            throw .input("cannot encrypt with \(setup.key.algorithm.jwaName)")
        }
    }

    mutating func run(_ iterations: Int) {
        let (plaintext, binding) = (setup.plaintext, binding)
        for _ in 0..<iterations {
            output.removeAll()
            do { try encryptor.encrypt(plaintext.span, binding: binding.span, into: &output) } catch { return }
        }
        blackHole(UInt8(truncatingIfNeeded: output.count))
    }

    mutating func isRight() -> Bool {
        run(1)
        let token = output.copy
        var plaintext = ByteScratch()
        do {
            var decryptor = try Decryptor(keys: [setup.key])
            try decryptor.decrypt(token.span, into: &plaintext)
        } catch {
            return false
        }
        return plaintext.copy == setup.plaintext
    }
}

/// `jwe.<alg>.<enc>.decrypt`: the same back.
struct DecryptGroup: Workload, ~Copyable {
    private let setup: EncryptionSetup
    private let token: [UInt8]
    private var decryptor: Decryptor
    private var output = ByteScratch(capacity: 1024, isSecret: true)

    private init(_ setup: EncryptionSetup, _ token: [UInt8], _ decryptor: consuming Decryptor) {
        self.setup = setup
        self.token = token
        self.decryptor = decryptor
    }

    static func make(_ setup: EncryptionSetup) throws(BenchFailure) -> DecryptGroup {
        let token = try setup.token()
        return DecryptGroup(setup, token, try decryptor(setup.key))
    }

    private static func decryptor(_ key: EncryptionKey) throws(BenchFailure) -> Decryptor {
        do { return try Decryptor(keys: [key]) } catch {
            throw .input("cannot decrypt with \(key.algorithm.jwaName)")
        }
    }

    mutating func run(_ iterations: Int) {
        let token = token
        for _ in 0..<iterations {
            output.removeAll()
            do { try decryptor.decrypt(token.span, into: &output) } catch { return }
        }
        blackHole(UInt8(truncatingIfNeeded: output.count))
    }

    mutating func isRight() -> Bool {
        run(1)
        return output.copy == setup.plaintext
    }
}

/// The bare OpenSSL calls of one A256KW or `dir` message with AES-256-GCM.
// `@safe`: the handle is made, used and freed here alone.
@safe struct OpenSSLSeal: Workload, ~Copyable {
    private let sealer: OpaquePointer?  // cop_sealer *
    private let plaintext: [UInt8]
    private let header = [UInt8](repeating: UInt8(ascii: "A"), count: 110)
    private var output = [UInt8](repeating: 0, count: 256)
    private var isDone = false

    init(wraps: Bool, _ plaintext: [UInt8]) {
        self.plaintext = plaintext
        let key = [UInt8](repeating: 9, count: 32)
        // SAFETY: 32 bytes are read during the call; the handle is freed in deinit.
        unsafe sealer = key.withUnsafeBufferPointer { unsafe cop_sealer_new(wraps ? 1 : 0, $0.baseAddress) }
    }

    // SAFETY: the handle is this value's own, and nobody uses it any more.
    deinit { unsafe cop_sealer_free(sealer) }

    mutating func run(_ iterations: Int) {
        let (plaintext, header) = (plaintext, header)
        let sealer = unsafe sealer
        var isDone = true
        // SAFETY: the output has room for the plaintext; all outlive the loop.
        unsafe output.withUnsafeMutableBufferPointer { output in
            unsafe plaintext.withUnsafeBufferPointer { plaintext in
                unsafe header.withUnsafeBufferPointer { header in
                    for _ in 0..<iterations {
                        isDone =
                            unsafe cop_sealer_seal(
                                sealer, header.baseAddress, header.count, plaintext.baseAddress, plaintext.count,
                                output.baseAddress) == 1 && isDone
                    }
                }
            }
        }
        self.isDone = isDone
        blackHole(output[0])
    }

    mutating func isRight() -> Bool {
        run(1)
        return isDone
    }
}

// SPDX-License-Identifier: Apache-2.0
internal import CTokenKernels
internal import Synchronization
internal import TokenScan

/// The multiples of one Ed25519 public key that make its checks cheap: 4096 points, 384 KiB.
///
/// A check finds S B - k A as 64 additions of points from this table and the base point's, and compares its encoding
/// with R. Public values only. Immutable once made, but for the count of agreements.
// `@safe`: the pointer is used only by the kernel calls of this file, while the object is alive.
@safe package final class Ed25519KeyTable: FastTable, @unchecked Sendable {
    // Sendable by hand: written once by the initialiser, read-only afterwards.
    private let points: UnsafeMutablePointer<ctk_ed25519_point>  // owned, byteCount bytes
    /// The public key's 32 bytes.
    let encodedKey: [UInt8]
    private let agreementCount = Atomic<Int>(0)

    /// The memory of one table in bytes.
    package static let byteCount = Int(CTK_ED25519_TABLE_COUNT) * MemoryLayout<ctk_ed25519_point>.stride
    /// Valid signatures on which a new table and OpenSSL must agree before the table decides alone: without the private
    /// key no other test sees the key's own table whole.
    package static let agreementCountBeforeTrust = 16
    private static let cacheLineByteCount = 64

    /// The base point's table (RFC 8032 section 5.1), made with the first key's and kept for the life of the process.
    private static let base: Ed25519KeyTable? = {
        let point: [UInt8] = [0x58] + [UInt8](repeating: 0x66, count: 31)
        return Ed25519KeyTable(point, isNegated: false)
    }()

    /// Whether this machine runs the kernel as it should: verdicts on signatures of a fresh key, valid and changed.
    private static let isKernelRight: Bool = {
        guard let key = try? SignatureKey.generate(algorithm: .edDSA), let table = Ed25519KeyTable(key: key),
            let signer = try? SignatureSigner(key), case .asymmetric(let handle) = key.contents,
            let context = try? Ed25519Context(key: handle)
        else { return false }
        return (0..<8).allSatisfy { agrees(table, context, signer, length: $0 * 37) }
    }()

    private static func agrees(
        _ table: Ed25519KeyTable, _ context: Ed25519Context, _ signer: SignatureSigner, length: Int
    ) -> Bool {
        let message = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var made = ByteScratch()
        guard (try? signer.sign(message.span, into: &made)) != nil else { return false }
        var signature = [UInt8](made.span)
        guard context.verdict(signature.span, over: message.span, table) == true else { return false }
        for bit in 0..<512 where bit % 29 == length % 29 {
            signature[bit / 8] ^= 1 << (bit % 8)
            let verdict = context.verdict(signature.span, over: message.span, table)
            guard verdict == context.isValid(signature.span, over: message.span) else { return false }
            signature[bit / 8] ^= 1 << (bit % 8)
        }
        return context.verdict(signature.span, over: (message + [1]).span, table) == false
    }

    /// Makes the table of an encoded point, or of its negative; nil when it is not canonical or no point.
    /// - Complexity: about 1 ms and one allocation of ``byteCount``.
    private init?(_ encoded: [UInt8], isNegated: Bool) {
        // SAFETY: one block of `byteCount` bytes, owned by this object until deinit; the points are plain words.
        let memory = UnsafeMutableRawPointer.allocate(byteCount: Self.byteCount, alignment: Self.cacheLineByteCount)
        unsafe points = memory.bindMemory(to: ctk_ed25519_point.self, capacity: Int(CTK_ED25519_TABLE_COUNT))
        encodedKey = encoded
        guard encoded.count == 32 else { return nil }
        // SAFETY: the kernel reads 32 bytes and writes exactly the table.
        let isPoint = unsafe encoded.withUnsafeBufferPointer { bytes in
            unsafe ctk_ed25519_make_table(bytes.baseAddress, isNegated ? 1 : 0, points) == 1
        }
        guard isPoint else { return nil }
    }

    /// Makes the table of an Ed25519 key; nil for other keys.
    package convenience init?(key: SignatureKey) {
        guard key.algorithm == .edDSA else { return nil }
        self.init(key.publicNumbers.first, isNegated: true)
    }

    // SAFETY: the one block allocated by the initialiser; nobody else frees it.
    deinit { unsafe points.deallocate() }

    package static var algorithm: SignatureAlgorithm { .edDSA }
    package static func name(of key: SignatureKey) -> [UInt8] { key.publicNumbers.first }
    package static func make(for key: SignatureKey) -> Ed25519KeyTable? { Ed25519KeyTable(key: key) }
    package func passesSelfTest(for key: SignatureKey) -> Bool { Self.isKernelRight }

    /// Whether the table has agreed with OpenSSL often enough to decide alone.
    package var isTrusted: Bool { agreementCount.load(ordering: .relaxed) >= Self.agreementCountBeforeTrust }

    /// Counts a valid signature that OpenSSL found valid as well.
    func recordAgreement() { agreementCount.wrappingAdd(1, ordering: .relaxed) }

    /// Whether S B - k A encodes to just R, with S below the group order (RFC 8032 section 5.1.7, cofactorless). The
    /// caller has refused an R of small order.
    /// - Complexity: about 9 µs, no allocation. Any thread.
    func isValid(_ signature: Span<UInt8>, hash: Span<UInt8>) -> Bool {
        guard signature.count == 64, hash.count == 64, let base = Self.base else { return false }
        // SAFETY: the kernel reads 64 and 64 bytes and two whole tables, which are alive.
        return unsafe signature.withUnsafeBufferPointer { signatureBytes in
            unsafe hash.withUnsafeBufferPointer { hashBytes in
                unsafe ctk_ed25519_check(
                    base.points, points, hashBytes.baseAddress, signatureBytes.baseAddress) == 1
            }
        }
    }
}

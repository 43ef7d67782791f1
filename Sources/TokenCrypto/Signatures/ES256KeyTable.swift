// SPDX-License-Identifier: Apache-2.0
internal import CTokenKernels

/// The multiples of one P-256 public key that make its checks cheap: 4096 points, 256 KiB.
///
/// A check finds u1 · G + u2 · Q as 64 additions of points from this table and the base point's, and compares
/// r · Z² with X instead of converting to affine coordinates. Public values only. Immutable once made.
// `@safe`: the pointer is used only by the kernel calls of this file, while the object is alive.
@safe package final class ES256KeyTable: FastTable, @unchecked Sendable {
    // Sendable by hand: written once by the initialiser, read-only afterwards.
    private let points: UnsafeMutablePointer<ctk_p256_point>  // owned, byteCount bytes

    /// The memory of one table in bytes.
    package static let byteCount = Int(CTK_P256_TABLE_COUNT) * MemoryLayout<ctk_p256_point>.stride
    private static let cacheLineByteCount = 64

    /// The base point's table, made with the first key's and kept for the life of the process.
    private static let base: ES256KeyTable? = {
        // SEC 2 version 2.0, section 2.4.2.
        let x: [UInt8] = [
            0x6B, 0x17, 0xD1, 0xF2, 0xE1, 0x2C, 0x42, 0x47, 0xF8, 0xBC, 0xE6, 0xE5, 0x63, 0xA4, 0x40, 0xF2,
            0x77, 0x03, 0x7D, 0x81, 0x2D, 0xEB, 0x33, 0xA0, 0xF4, 0xA1, 0x39, 0x45, 0xD8, 0x98, 0xC2, 0x96,
        ]
        let y: [UInt8] = [
            0x4F, 0xE3, 0x42, 0xE2, 0xFE, 0x1A, 0x7F, 0x9B, 0x8E, 0xE7, 0xEB, 0x4A, 0x7C, 0x0F, 0x9E, 0x16,
            0x2B, 0xCE, 0x33, 0x57, 0x6B, 0x31, 0x5E, 0xCE, 0xCB, 0xB6, 0x40, 0x68, 0x37, 0xBF, 0x51, 0xF5,
        ]
        return ES256KeyTable(x: x.span, y: y.span)
    }()

    /// Makes the table of the point with the big-endian coordinates `x` and `y`; nil when these are not 32 bytes each,
    /// not below p, or not on the curve.
    /// - Complexity: about 1.5 ms and one allocation of ``byteCount``.
    package init?(x: Span<UInt8>, y: Span<UInt8>) {
        // SAFETY: one block of `byteCount` bytes, owned by this object until deinit; the points are plain words.
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: Self.byteCount, alignment: Self.cacheLineByteCount)
        unsafe points = memory.bindMemory(
            to: ctk_p256_point.self, capacity: Int(CTK_P256_TABLE_COUNT))
        guard x.count == 32, y.count == 32 else { return nil }
        // SAFETY: the kernel reads 32 bytes of each coordinate and writes exactly the table.
        let isPoint = unsafe x.withUnsafeBufferPointer { xBytes in
            unsafe y.withUnsafeBufferPointer { yBytes in
                unsafe ctk_p256_make_table(xBytes.baseAddress, yBytes.baseAddress, points) == 1
            }
        }
        guard isPoint else { return nil }
    }

    /// Makes the table of an ES256 key; nil for other keys.
    package convenience init?(key: SignatureKey) {
        guard key.algorithm == .es256 else { return nil }
        let (x, y) = (key.publicNumbers.first, key.publicNumbers.second)
        self.init(x: x.span, y: y.span)
    }

    package static var algorithm: SignatureAlgorithm { .es256 }
    package static func name(of key: SignatureKey) -> [UInt8] { key.publicNumbers.first + key.publicNumbers.second }
    package static func make(for key: SignatureKey) -> ES256KeyTable? { ES256KeyTable(key: key) }
    package func passesSelfTest(for key: SignatureKey) -> Bool {
        (try? ES256Reference(key))?.agrees(with: self) == true
    }

    // SAFETY: the one block allocated by the initialiser; nobody else frees it.
    deinit { unsafe points.deallocate() }

    /// Whether `signature`, r | s, is this key's signature of a 32-byte digest (FIPS 186-5 section 6.4.2).
    ///
    /// Every length but 64, and r and s outside 1..<n, are refused before any arithmetic; a sum at infinity is refused
    /// before r is compared, with x and, where r + n < p, with r + n.
    /// - Complexity: about 13 µs, no allocation. Any thread.
    package func isValid(_ signature: Span<UInt8>, digest: Span<UInt8>) -> Bool {
        guard signature.count == 64, digest.count == 32, let base = Self.base else { return false }
        // SAFETY: the kernel reads 64 and 32 bytes and two whole tables, which are alive.
        return unsafe signature.withUnsafeBufferPointer { signatureBytes in
            unsafe digest.withUnsafeBufferPointer { digestBytes in
                unsafe ctk_p256_check(
                    base.points, points, digestBytes.baseAddress, signatureBytes.baseAddress) == 1
            }
        }
    }

    /// The same for a message, hashed here.
    func isValid(_ signature: Span<UInt8>, over message: Span<UInt8>) -> Bool {
        guard signature.count == 64 else { return false }
        var digest = InlineArray<32, UInt8>(repeating: 0)
        var span = digest.mutableSpan
        SHA256.digest(message, into: &span)
        return isValid(signature, digest: digest.span)
    }

    /// A digest and a signature that this key accepts.
    package struct Constructed: Sendable {
        /// 32 bytes.
        package var digest = [UInt8](repeating: 0, count: 32)
        /// r | s, 64 bytes.
        package var signature = [UInt8](repeating: 0, count: 64)
    }

    /// Makes a signature without the private key, of a digest that nobody can choose, for self-tests: R = aG + bQ,
    /// r = x(R) mod n, s = r / b, digest = a · r / b. Nil when a, b or r is 0 modulo n, R is infinite, or a or b is not
    /// 32 bytes.
    package func construct(a: Span<UInt8>, b: Span<UInt8>) -> Constructed? {
        guard a.count == 32, b.count == 32, let base = Self.base else { return nil }
        var made = Constructed()
        // SAFETY: the kernel reads 32 bytes of a and b and two whole tables, and writes 32 and 64 bytes.
        let isMade = unsafe a.withUnsafeBufferPointer { aBytes in
            unsafe b.withUnsafeBufferPointer { bBytes in
                unsafe made.digest.withUnsafeMutableBufferPointer { digest in
                    unsafe made.signature.withUnsafeMutableBufferPointer { signature in
                        unsafe ctk_p256_construct(
                            base.points, points, aBytes.baseAddress, bBytes.baseAddress, digest.baseAddress,
                            signature.baseAddress) == 1
                    }
                }
            }
        }
        return isMade ? made : nil
    }
}

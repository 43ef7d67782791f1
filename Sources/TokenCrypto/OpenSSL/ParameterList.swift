// SPDX-License-Identifier: Apache-2.0
internal import CTokenOpenSSL
internal import TokenScan

/// An `OSSL_PARAM` array whose values live in wiped memory of ours: `OSSL_PARAM_BLD` would copy private numbers
/// into memory that nobody clears.
// `@safe`: the pointers refer to memory that this object owns, and are used only by `makeKey`.
@safe final class ParameterList {
    private let entries: UnsafeMutablePointer<OSSL_PARAM>
    private let values: UnsafeMutablePointer<UInt8>
    private let valueByteCount: Int
    private var used = 0
    private var count = 0
    private static let entryCountMax = 12

    /// A list with room for `valueByteCount` bytes of values in all.
    init(valueByteCount: Int) {
        self.valueByteCount = max(valueByteCount, 1)
        // SAFETY: both blocks are owned until deinit and initialised in full.
        unsafe values = .allocate(capacity: self.valueByteCount)
        unsafe values.initialize(repeating: 0, count: self.valueByteCount)
        unsafe entries = .allocate(capacity: Self.entryCountMax + 1)
        unsafe entries.initialize(repeating: OSSL_PARAM_construct_end(), count: Self.entryCountMax + 1)
    }

    deinit {
        // SAFETY: both blocks are owned by this object and were allocated with these sizes.
        unsafe OPENSSL_cleanse(values, valueByteCount)
        unsafe values.deallocate()
        unsafe entries.deallocate()
    }

    /// A literal as a C string; literals end with a NUL and live for ever.
    // SAFETY: every literal used here has the pointer representation, is ASCII and NUL-terminated.
    static func name(_ literal: StaticString) -> UnsafePointer<CChar> {
        unsafe UnsafeRawPointer(literal.utf8Start).assumingMemoryBound(to: CChar.self)
    }

    /// A literal where OpenSSL's signature lacks a `const`; it is not written to.
    // SAFETY: OpenSSL only reads utf8 parameters that are passed in.
    static func mutableName(_ literal: StaticString) -> UnsafeMutablePointer<CChar> {
        unsafe UnsafeMutablePointer(mutating: name(literal))
    }

    /// Adds an unsigned number given in big-endian order; OpenSSL wants the machine's order (little-endian).
    func append(_ literal: StaticString, number: Span<UInt8>) {
        guard number.count > 0 else { return append(literal, number: [UInt8](repeating: 0, count: 1).span) }
        let start = claim(number.count)
        for i in 0..<number.count {
            // SAFETY: `claim` has checked that [start, start + number.count) is inside `values`.
            unsafe values[start + i] = number[number.count - 1 - i]
        }
        unsafe add(OSSL_PARAM_construct_BN(Self.name(literal), values + start, number.count))
    }

    /// Adds a byte string.
    func append(_ literal: StaticString, bytes: Span<UInt8>) {
        let start = claim(bytes.count)
        for i in 0..<bytes.count {
            // SAFETY: `claim` has checked that [start, start + bytes.count) is inside `values`.
            unsafe values[start + i] = bytes[i]
        }
        unsafe add(OSSL_PARAM_construct_octet_string(Self.name(literal), values + start, bytes.count))
    }

    /// Adds a text.
    func append(_ literal: StaticString, text: StaticString) {
        // SAFETY: literals live for ever.
        unsafe add(
            OSSL_PARAM_construct_utf8_string(Self.name(literal), Self.mutableName(text), text.utf8CodeUnitCount))
    }

    private func claim(_ byteCount: Int) -> Int {
        precondition(byteCount <= valueByteCount - used, "parameter values over their capacity")
        let start = used
        used += byteCount
        return start
    }

    private func add(_ entry: OSSL_PARAM) {
        precondition(count < Self.entryCountMax, "too many parameters")
        // SAFETY: count is below the capacity; the entry after the last stays the end mark.
        unsafe entries[count] = entry
        count += 1
    }

    /// Imports the parameters as a key of the named type; nil when OpenSSL refuses them.
    func makeKey(type: StaticString, isPrivate: Bool) -> KeyHandle? {
        #if _endian(big)
            return nil  // The numbers above are laid out for little-endian machines, the only supported ones.
        #else
            // SAFETY: the parameters and values outlive the import, which copies what it needs.
            guard let context = unsafe EVP_PKEY_CTX_new_from_name(nil, Self.name(type), nil) else { return nil }
            defer { unsafe EVP_PKEY_CTX_free(context) }
            var key: OpaquePointer?
            // EVP_PKEY_KEYPAIR and EVP_PKEY_PUBLIC_KEY: the parameters (0x84), the public (2), the private part (1).
            let selection: Int32 = isPrivate ? 0x87 : 0x86
            guard unsafe EVP_PKEY_fromdata_init(context) == 1,
                unsafe EVP_PKEY_fromdata(context, &key, selection, entries) == 1, let made = unsafe key
            else {
                unsafe EVP_PKEY_free(key)
                ERR_clear_error()
                return nil
            }
            // SAFETY: the new key is ours and is handed over once.
            return unsafe KeyHandle(takingOwnership: made)
        #endif
    }
}

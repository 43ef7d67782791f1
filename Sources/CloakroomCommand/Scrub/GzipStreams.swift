// SPDX-License-Identifier: Apache-2.0
import CTokenZlib
import TokenScan

/// Inflates gzip members, one behind the other, in pieces of a bounded size. (RFC 1952)
///
/// However well the input is packed, a piece is at most ``pieceByteCount`` bytes, so memory stays flat.
@safe
struct GzipReader: ~Copyable {
    /// Bytes of the largest piece.
    static let pieceByteCount = 262_144

    // SAFETY: one z_stream of our own, set up by the initialiser, torn down and freed in deinit.
    private let stream: UnsafeMutablePointer<z_stream>
    private var input: ByteScratch
    private var used = 0
    /// Whether a member has ended and none has started since.
    private(set) var isBetweenMembers = false

    /// Starts with the bytes that were read already. Nil when there is no memory.
    init?(_ first: consuming ByteScratch) {
        input = first
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        guard unsafe ctz_inflate_init(stream) == Z_OK else {
            unsafe stream.deallocate()
            return nil
        }
    }

    deinit {
        // SAFETY: set up by the initialiser, used by nobody else.
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Whether more input is wanted before another piece comes.
    var wantsInput: Bool { used == input.count }

    /// Takes more of the file.
    mutating func read(_ fill: (inout ByteScratch) -> Int?) -> Int? {
        input.removeAll()
        used = 0
        return fill(&input)
    }

    /// Appends the next piece. False when the data is no gzip data.
    mutating func inflate(into output: inout ByteScratch) -> Bool {
        if isBetweenMembers {
            // Zeros behind the last member are padding, as tape drives leave them.
            while used < input.count, input.span[used] == 0 { used += 1 }
            guard used < input.count else { return true }
            // SAFETY: the stream is ours.
            guard unsafe inflateReset(stream) == Z_OK else { return false }
            isBetweenMembers = false
        }
        let (status, left) = unsafe Self.step(stream, input, from: used, into: &output)
        used = input.count - left
        if status == Z_STREAM_END { isBetweenMembers = true }
        return status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR
    }

    /// One call of zlib. Gives its status and the input bytes that are left.
    @unsafe
    private static func step(
        _ stream: UnsafeMutablePointer<z_stream>, _ input: borrowing ByteScratch, from start: Int,
        into output: inout ByteScratch
    ) -> (status: Int32, left: Int) {
        let before = output.count
        var status = Z_OK
        var room = 0
        let bytes = input.span
        // SAFETY: zlib reads `avail_in` bytes from `next_in`, inside the span, and writes at most `avail_out` bytes to
        // memory of that size; what it did not write is truncated before anything reads it.
        unsafe output.appendUninitialized(pieceByteCount) { out in
            unsafe bytes.withUnsafeBufferPointer { source in
                unsafe stream.pointee.next_in = source.baseAddress.map {
                    unsafe UnsafeMutablePointer(mutating: $0 + start)
                }
                unsafe stream.pointee.avail_in = UInt32(truncatingIfNeeded: source.count - start)
                unsafe stream.pointee.next_out = out
                unsafe stream.pointee.avail_out = UInt32(pieceByteCount)
                status = unsafe CTokenZlib.inflate(stream, Z_NO_FLUSH)
                room = Int(unsafe stream.pointee.avail_out)
                unsafe stream.pointee.next_in = nil
                unsafe stream.pointee.next_out = nil
            }
        }
        output.truncate(to: before + pieceByteCount - room)
        return (status, Int(unsafe stream.pointee.avail_in))
    }
}

/// Deflates to one gzip member.
@safe
struct GzipWriter: ~Copyable {
    // SAFETY: as in GzipReader.
    private let stream: UnsafeMutablePointer<z_stream>

    /// Nil when there is no memory.
    init?() {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        guard unsafe ctz_deflate_init(stream) == Z_OK else {
            unsafe stream.deallocate()
            return nil
        }
    }

    deinit {
        // SAFETY: set up by the initialiser, used by nobody else.
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Appends what `bytes` becomes; with `isLast` the end of the member too. `isFlushed` makes all of it readable now.
    mutating func deflate(_ bytes: Span<UInt8>, isFlushed: Bool, isLast: Bool, into output: inout ByteScratch) {
        let mode = isLast ? Z_FINISH : isFlushed ? Z_SYNC_FLUSH : Z_NO_FLUSH
        let stream = unsafe stream
        let room = 65_536
        // SAFETY: zlib reads the span's bytes and writes at most `room` bytes to memory of that size a turn.
        unsafe bytes.withUnsafeBufferPointer { source in
            unsafe stream.pointee.next_in = source.baseAddress.map { unsafe UnsafeMutablePointer(mutating: $0) }
            unsafe stream.pointee.avail_in = UInt32(truncatingIfNeeded: source.count)
            var left = 0
            repeat {
                let before = output.count
                unsafe output.appendUninitialized(room) { out in
                    unsafe stream.pointee.next_out = out
                    unsafe stream.pointee.avail_out = UInt32(room)
                    _ = unsafe CTokenZlib.deflate(stream, mode)
                    left = Int(unsafe stream.pointee.avail_out)
                }
                output.truncate(to: before + room - left)
            } while left == 0
            unsafe stream.pointee.next_in = nil
            unsafe stream.pointee.next_out = nil
        }
    }
}

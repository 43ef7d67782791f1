// SPDX-License-Identifier: Apache-2.0
import CTokenZlib

/// Inflates ZLIB data (RFC 1950) within a bound.
enum Inflater {
    /// The inflated bytes: at most `byteCountMax`, for which the memory grows by doubling, so that a short answer that
    /// claims to be long costs no more than twice what it delivers.
    /// - Throws: ``StatusListError/compression`` for broken, short or trailing data, ``StatusListError/tooLarge``.
    static func inflate(_ data: Span<UInt8>, byteCountMax: Int) throws(StatusListError) -> [UInt8] {
        var room = min(byteCountMax, max(1_024, data.count))
        while true {
            var output = [UInt8](repeating: 0, count: room)
            var written = uLongf(room)
            var read = uLong(data.count)
            // SAFETY: zlib reads at most `read` bytes of `data` and writes at most `written` bytes, which `output` has.
            let status = unsafe data.withUnsafeBufferPointer { input in
                unsafe output.withUnsafeMutableBufferPointer { target in
                    unsafe uncompress2(target.baseAddress, &written, input.baseAddress, &read)
                }
            }
            switch status {
            case Z_OK:
                guard read == uLong(data.count) else { throw .compression }
                output.removeLast(room - Int(written))
                return output
            case Z_BUF_ERROR where room < byteCountMax:
                room = min(byteCountMax, room * 2)
            case Z_BUF_ERROR where written == uLongf(room):
                throw .tooLarge
            default:
                throw .compression
            }
        }
    }
}

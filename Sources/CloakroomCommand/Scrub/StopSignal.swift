// SPDX-License-Identifier: Apache-2.0
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// SIGTERM, SIGINT and SIGHUP as something that a wait for input ends with, so that what is held back goes out masked.
enum StopSignal {
    private static let readEnd = Atomic<Int32>(-1)
    private static let writeEnd = Atomic<Int32>(-1)

    /// Starts to catch the signals. False when the system refuses.
    static func install() -> Bool {
        var ends: (Int32, Int32) = (-1, -1)
        // SAFETY: `pipe` writes two descriptors to a tuple of two.
        let isMade = unsafe withUnsafeMutableBytes(of: &ends) { bytes in
            guard let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: Int32.self) else { return false }
            return unsafe pipe(start) == 0
        }
        guard isMade else { return false }
        // Both are initialised before a handler can run, which must not start a lazy initialisation.
        readEnd.store(ends.0, ordering: .relaxed)
        writeEnd.store(ends.1, ordering: .relaxed)
        // Whoever started the program may have blocked them, and a blocked signal would end no wait.
        var caught = sigset_t()
        unsafe sigemptyset(&caught)
        for number in [SIGTERM, SIGINT, SIGHUP] {
            _ = signal(number) { _ in StopSignal.note() }
            unsafe sigaddset(&caught, number)
        }
        // SAFETY: the set is a local; nothing is written for a null old set.
        unsafe pthread_sigmask(SIG_UNBLOCK, &caught, nil)
        return true
    }

    private static func note() {
        var byte: UInt8 = 0
        // SAFETY: `write` may be called in a handler and reads one byte.
        _ = unsafe write(writeEnd.load(ordering: .relaxed), &byte, 1)
    }

    /// What a wait ended with.
    enum Wake { case input, stopped, nothing }

    /// Waits for input, for a signal, or not at all when `isPatient` is false.
    static func wait(for descriptor: Int32, isPatient: Bool) -> Wake {
        var waits = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: readEnd.load(ordering: .relaxed), events: Int16(POLLIN), revents: 0),
        ]
        while true {
            // SAFETY: `poll` reads and writes exactly the two elements of the array.
            let count = unsafe waits.withUnsafeMutableBufferPointer {
                unsafe poll($0.baseAddress, 2, isPatient ? -1 : 0)
            }
            if waits[1].revents & Int16(POLLIN) != 0 { return .stopped }
            if count > 0 { return .input }
            if count == 0 { return .nothing }
            if errno != EINTR { return .input }
        }
    }
}

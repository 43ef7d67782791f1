// SPDX-License-Identifier: Apache-2.0
import CTokenKernels
import Foundation

/// What an index of a document came to; a refusal has no nodes.
struct JSONOutcome: Equatable {
    var status: UInt32
    var offset: Int
    var nodes: [ctk_json_node]

    static func == (a: JSONOutcome, b: JSONOutcome) -> Bool {
        a.status == b.status && a.offset == b.offset && a.nodes.count == b.nodes.count
            && zip(a.nodes, b.nodes).allSatisfy(isSameNode)
    }
}

func isSameNode(_ a: ctk_json_node, _ b: ctk_json_node) -> Bool {
    a.name_offset == b.name_offset && a.value_offset == b.value_offset && a.value_byte_count == b.value_byte_count
        && a.next == b.next && a.name_byte_count == b.name_byte_count && a.child_count == b.child_count
        && a.kind == b.kind && a.flags == b.flags && a.depth == b.depth && a.name_code == b.name_code
}

extension ctk_json_limits {
    /// Wide limits that take any root.
    static let open = ctk_json_limits(depth_max: 255, member_count_max: 65535, root_must_be_object: 0)
    /// The limits of a token's parts.
    static let token = ctk_json_limits(depth_max: 16, member_count_max: 256, root_must_be_object: 1)
}

/// Every implementation of the index that this processor can run, the scalar one last. Safe to hold until `free`.
@safe struct JSONKernels {
    typealias Index =
        @convention(c) (
            UnsafePointer<UInt8>?, Int, ctk_json_limits, UnsafeMutablePointer<ctk_json_node>?, Int
        ) -> ctk_json_result

    private(set) var names: [String] = []
    private var functions: [Index] = unsafe []
    private let nodes: UnsafeMutableBufferPointer<ctk_json_node>
    private let expected: UnsafeMutableBufferPointer<ctk_json_node>

    init(capacity: Int = 40_000) {
        var index = 0
        // SAFETY: the table and its names are static; the list ends with NULL.
        while let kernel = unsafe ctk_json_kernel_at(index) {
            unsafe names.append(String(cString: kernel.pointee.info.name))
            if let function = unsafe kernel.pointee.index { unsafe functions.append(function) }
            index += 1
        }
        unsafe nodes = .allocate(capacity: capacity)
        unsafe expected = .allocate(capacity: capacity)
    }

    /// Frees the node buffers; call it once, at the end of the test.
    func free() {
        unsafe nodes.deallocate()
        unsafe expected.deallocate()
    }

    /// The outcome of the scalar kernel.
    func scalar(_ bytes: [UInt8], _ limits: ctk_json_limits = .open, capacity: Int? = nil) -> JSONOutcome {
        outcome(kernel: unsafe functions.count - 1, bytes, limits, capacity: capacity)
    }

    /// The outcome of one kernel.
    func outcome(
        kernel: Int, _ bytes: [UInt8], _ limits: ctk_json_limits = .open, capacity: Int? = nil
    ) -> JSONOutcome {
        // SAFETY: the buffer holds at least `capacity` nodes and the kernel reads only `bytes`.
        let result = unsafe bytes.withUnsafeBufferPointer {
            unsafe functions[kernel]($0.baseAddress, $0.count, limits, nodes.baseAddress, capacity ?? nodes.count)
        }
        return JSONOutcome(
            status: result.status, offset: Int(result.offset),
            nodes: (0..<Int(result.node_count)).map { unsafe nodes[$0] })
    }

    /// Whether all kernels answer as the scalar one does, nodes included.
    func agree(_ bytes: [UInt8], _ limits: ctk_json_limits = .open, capacity: Int? = nil) -> Bool {
        unsafe bytes.withUnsafeBufferPointer { unsafe agree(on: $0, limits, capacity: capacity) }
    }

    func agree(on bytes: UnsafeBufferPointer<UInt8>, _ limits: ctk_json_limits = .open, capacity: Int? = nil) -> Bool {
        let room = capacity ?? (unsafe nodes.count)
        let last = unsafe functions.count - 1
        // SAFETY: both buffers hold `room` nodes; the kernels read only `bytes` and write `node_count` whole nodes.
        let right = unsafe functions[last](bytes.baseAddress, bytes.count, limits, expected.baseAddress, room)
        for kernel in 0..<last {
            let result = unsafe functions[kernel](bytes.baseAddress, bytes.count, limits, nodes.baseAddress, room)
            guard result.status == right.status, result.offset == right.offset, result.node_count == right.node_count
            else { return false }
            guard let a = unsafe nodes.baseAddress, let b = unsafe expected.baseAddress,
                unsafe memcmp(a, b, Int(right.node_count) * MemoryLayout<ctk_json_node>.stride) == 0
            else { return false }
        }
        return true
    }
}

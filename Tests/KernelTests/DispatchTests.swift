// SPDX-License-Identifier: Apache-2.0
import CTokenKernels
import Testing

@Suite("Kernel dispatch")
struct DispatchTests {
    @Test("Every family ends with its scalar kernel, and names are unique")
    func lists() {
        for names in [Base64URLKernel.all.map(\.name), SHA256Kernel.all.map(\.name), SplitKernel.all.map(\.name)] {
            #expect(names.last == "scalar")
            #expect(Set(names).count == names.count)
        }
    }

    @Test("The kernel in use is one of the list")
    func inUse() {
        // SAFETY: both functions return static strings.
        let name = unsafe String(cString: ctk_kernel_name(ctk_kernel_in_use()))
        let sha256 = unsafe String(cString: ctk_sha256_name())
        #expect(Base64URLKernel.all.contains { $0.name == name })
        #expect(SHA256Kernel.all.contains { $0.name == sha256 })
    }

    @Test("The public functions go through the kernel in use")
    func publicFunctions() {
        var text = [UInt8](repeating: 0, count: 8)
        var bytes: [UInt8] = Array("foobar".utf8)
        // SAFETY: six bytes encode to eight characters and back.
        unsafe ctk_base64url_encode(&bytes, 6, &text)
        #expect(text == Array("Zm9vYmFy".utf8))
        text[5] = UInt8(ascii: "=")
        #expect(unsafe ctk_base64url_decode(&text, 8, &bytes) == 5)
        var dots = [UInt32](repeating: 0, count: 4)
        var token: [UInt8] = Array("a.bc.".utf8)
        #expect(unsafe ctk_split_dots(&token, 5, &dots) == 2)
        #expect(dots[0] == 1 && dots[1] == 4)
    }
}

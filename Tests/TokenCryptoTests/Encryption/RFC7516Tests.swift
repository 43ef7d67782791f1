// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing
import TokenScan

@testable import TokenCrypto

/// RFC 7516 appendix A.1 to A.3.
@Suite("RFC 7516 examples")
struct RFC7516Tests {
    static let rsaOAEPToken =
        "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ."
        + "OKOawDo13gRp2ojaHV7LFpZcgV7T6DVZKTyKOMTYUmKoTCVJRgckCL9kiMT03JGeipsEdY3mx_etLbbWSrFr05kLzcSr4qKAq7YN7e9j"
        + "wQRb23nfa6c9d-StnImGyFDbSv04uVuxIp5Zms1gNxKKK2Da14B8S4rzVRltdYwam_lDp5XnZAYpQdb76FdIKLaVmqgfwX7XWRxv2322"
        + "i-vDxRfqNzo_tETKzpVLzfiwQyeyPGLBIO56YJ7eObdv0je81860ppamavo35UgoRdbYaBcoh9QcfylQr66oc6vFWXRcZ_ZT2LawVCWT"
        + "Iy3brGPi6UklfCpIMfIjf7iGdXKHzg."
        + "48V1_ALb6US04U3b."
        + "5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALvtu6UG9oMo4vpzs9tX_EFShS8iB7j6jiSdiwkIr3ajwQzaBtQD_A."
        + "XFBoMYUZodetZdvTiFvSkQ"
    static let rsaKey =
        #"{"kty":"RSA","n":"oahUIoWw0K0usKNuOR6H4wkf4oBUXHTxRvgb48E-BVvxkeDNjbC4he8rUWcJoZmds2h7M70imEVhRU5djINXtqll"#
        + "XI4DFqcI1DgjT9LewND8MW2Krf3Spsk_ZkoFnilakGygTwpZ3uesH-PFABNIUYpOiN15dsQRkgr0vEhxN92i2asbOenSZeyaxziK72Uw"
        + "xrrKoExv6kc5twXTq4h-QChLOln0_mtUZwfsRaMStPs6mS6XrgxnxbWhojf663tuEQueGC-FCMfra36C9knDFGzKsNa7LZK2djYgyD3J"
        + #"R_MB_4NUJW_TqOQtwHYbxevoJArm-L5StowjzGy-_bq6Gw","e":"AQAB","#
        + #""d":"kLdtIj6GbDks_ApCSTYQtelcNttlKiOyPzMrXHeI-yk1F7-kpDxY4-WY5NWV5KntaEeXS1j82E375xxhWMHXyvjYecPT9fpwR_M9"#
        + "gV8n9Hrh2anTpTD93Dt62ypW3yDsJzBnTnrYu1iwWRgBKrEYY46qAZIrA2xAwnm2X7uGR1hghkqDp0Vqj3kbSCz1XyfCs6_LehBwtxHI"
        + "yh8Ripy40p24moOAbgxVw3rxT_vlt3UVe4WO3JkJOzlpUf-KTVI2Ptgm-dARxTEtE-id-4OJr0h-K-VFs3VSndVTIznSxfyrj8ILL6MG"
        + #"_Uv8YAu7VILSB3lOW085-4qE3DzgrTjgyQ"}"#
    static let rsa15Token =
        "eyJhbGciOiJSU0ExXzUiLCJlbmMiOiJBMTI4Q0JDLUhTMjU2In0.UGhIOguC7IuEvf_NPVaXsGMoLOmwvc1GyqlIKOK1nN94nHPoltGR"
        + "hWhw7Zx0-kFm1NJn8LE9XShH59_i8J0PH5ZZyNfGy2xGdULU7sHNF6Gp2vPLgNZ__deLKxGHZ7PcHALUzoOegEI-8E66jX2E4zyJKx-"
        + "YxzZIItRzC5hlRirb6Y5Cl_p-ko3YvkkysZIFNPccxRU7qve1WYPxqbb2Yw8kZqa2rMWI5ng8OtvzlV7elprCbuPhcCdZ6XDP0_F8rkX"
        + "ds2vE4X-ncOIM8hAYHHi29NX0mcKiRaD0-D-ljQTP-cFPgwCp6X-nZZd9OHBv-"
        + "B3oWh2TbqmScqXMR4gp_A.AxY8DCtDaGlsbGljb3RoZQ.KDlTtXchhZTGufMYmOYGS4HffxPSUrfmqCHXaI9wOGY.9hH0vgRfYgPnAHO"
        + "d8stkvw"
    static let wrapToken =
        "eyJhbGciOiJBMTI4S1ciLCJlbmMiOiJBMTI4Q0JDLUhTMjU2In0.6KB707dM9YTIgHtLvtgWQ8mKwboJW3of9locizkDTHzBC2IlrT1oOQ."
        + "AxY8DCtDaGlsbGljb3RoZQ.KDlTtXchhZTGufMYmOYGS4HffxPSUrfmqCHXaI9wOGY.U0m_YmjN04DJvceFICbCVQ"
    static let wrapKey = #"{"kty":"oct","k":"GawgguFyGrWKav7AX4VKUg"}"#

    @Test("A.1, RSA-OAEP and A256GCM: refused unless allowed by name")
    func rsaOAEP() throws {
        let key = try JWE.key(Self.rsaKey, .rsaOAEP)
        #expect(
            try JWE.decrypt(Self.rsaOAEPToken, [key], allowing: [.rsaOAEP])
                == "The true sign of intelligence is not knowledge but imagination.")
        #expect(try JWE.refusal(Self.rsaOAEPToken, [key]) == .unsupportedAlgorithm)
    }

    @Test("T48: A.2, RSA1_5: does not exist here, whatever is allowed")
    func rsa15() throws {
        let key = try JWE.key(Self.rsaKey, .rsaOAEP256)
        #expect(try JWE.refusal(Self.rsa15Token, [key], allowing: Set(KeyManagement.allCases)) == .unsupportedAlgorithm)
        #expect(throws: KeyError.unsupportedAlgorithm) {
            _ = try JWE.key(#"{"alg":"RSA1_5","# + Self.rsaKey.dropFirst())
        }
    }

    @Test("A.3, A128KW and A128CBC-HS256")
    func keyWrap() throws {
        let key = try JWE.key(Self.wrapKey, .a128KW)
        #expect(try JWE.decrypt(Self.wrapToken, [key]) == "Live long and prosper.")
    }

    @Test("RFC 7518 appendix C: the Concat KDF of ECDH-ES")
    func concatKDF() throws {
        let alice =
            #"{"kty":"EC","crv":"P-256","x":"gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0","#
            + #""y":"SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps","d":"0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo"}"#
        let bob = try JWE.key(
            #"{"kty":"EC","crv":"P-256","x":"weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ","#
                + #""y":"e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck","d":"VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw"}"#,
            .ecdhES)
        let header = NaiveBase64URL.encode(
            (#"{"alg":"ECDH-ES","enc":"A128GCM","apu":"QWxpY2U","apv":"Qm9i","epk":"# + alice + "}").utf8)
        var parsed = EncryptedTokenHeader()
        try parsed.read(Array(header.utf8).span, limits: .init())
        var key = ByteScratch()
        let isOpen = try ContentKeyOpener(bob).openContentKey([UInt8]().span, .a128GCM, header: parsed, into: &key)
        #expect(isOpen)
        #expect(NaiveBase64URL.encode(key.array) == "VqqN6vgjbSBcIijNcacQGg")
    }
}

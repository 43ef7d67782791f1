// SPDX-License-Identifier: Apache-2.0

// Keys that the `openssl` command wrote, made for these tests and used nowhere else.

enum PEMExamples {
    /// RSA 2048, PKCS#1 private.
    static let rsaPKCS1 = """
        -----BEGIN RSA PRIVATE KEY-----
        MIIEpAIBAAKCAQEAlUETdiBMUijA4WwFoCuYT7bYXsvctiDSCJY4YW1XLudoyhNm
        iXc4XWDUSgYtcHOmpzaItGCVUmvdBzxgxmYFj9PHVbz9TDzeurv89C2YQDQizlue
        V4faWMFhBo5ljYJyujmIO2oS0xD5x9b2hxmt+3TQoVN9JkVXCgATDhh9e6CIxH0H
        M14OjSab1rRbvfOOCZPtcmHD1BRE9g+hU3S6cSX2UQUQxYrcMXRdO7tHxF2kH4hz
        fa7dcU8idNszv7OJHpSN6AJO2MLceijAosFEMOXArVZMqvFmAuyaQyhOel4z/wcB
        l8cqu4pX+THmHxu76Ll8jflcTiG/0yI4SD7TWwIDAQABAoIBAAZpRX4q7ZM0L83/
        FQbIBlTj+O/ypdpwYDC38zN54p5ET5qXsi1LxXDo1eNZRbnWAoJU2IC7nVwkJEfb
        kz3Ew46u6werhJTEWb4R/uI4iysiSQtSfL8Hgy7/r4XXt3kGFlOHzthJ8U7HJMFS
        PbHhq6axz+D+KxrqCCo/zf9zlCTiaszcNME4otukdYvEyNuaiQskM7VfKq/gj8qW
        hupWjl/LB3d3myGjoulOXrUjR82UPIpJZyB3M4D5uvYPTld3tpur9yWn5A2lBTRu
        w7m3JLfrb69HPMohVQXBqfFTeRK2q/YPQzH+vjjcswTTgyLNsOdTeDH6u54ikEQv
        wzV+i/ECgYEAx+O5W1vysH9emVShifdUOoSs/XXB1Gaw/3QJx4evGSD1akBqyles
        IgG6w2YH4NYe68DPCzrqfTJQKNJVfgTmJoK7D0dHEZbQRTkqzCjt0pGSYkteVIoK
        VcLykN9j2mC0C8a+I+zrxU9zPniDgjOIYQwISg09XiofirT4AalNvB0CgYEAvyak
        ZeXyXMFg6MqPHKwmZkFq7SQ+3IV9SJlgrUMhDDketoALqGXS4aUtPslwOy1GCUg6
        pI0FBZQ8AzB2mpYPD4XDxvhTd8kCDQB0pu2ZstF7kp6Ndo/pjo2TBQnlpeqpG8KN
        mpj8r22/SqAsy73Frr5CZuFuwlRK5Pkp+4cPg9cCgYEAl960WO5eUK0lMbg0V7+b
        ti5RxO0wTHGNbzk5qOi1J5F8BLNWr8+2z8uim40s1S26JoLCjBTCTkbo0mskW2/b
        cU0IVM5h98IvETkjBCTgtIi3wIjk7bRHr+tDIsEne6bXhM8GbgM3Cx2XQNKNkGIY
        7ysWLTUr+BxnBJsEhzacAh0CgYBA1oSxI7yABgAvNnYwzZwA13PDmKXR+12xwITw
        gHK3SLDISsqphlBvxa2BPKbbC9JT17I8mrD3YX6xvkCc0wWsyDzOQvFdEkulyV/I
        N5QI+dGmvC1T6CDa/968uMyy6NQP3IBXzkj34IwgbhCD0404ZsTzTMhbFmiJHpNF
        BF0Y5QKBgQC+PQUvVNEziE2ddZC6t4etgE2jdWLOZ11iuBiHHXc1rAskJp12Ni4y
        t5C4oVu+IPsxUe4V5vGO2Tv+DquTu/L3ohorC93eyQ0XVsaXqDp9VdrK/PwS3JPx
        JyL/bxwviKKDJP+jJIuJ7byUskm5ViBfJCg7XjFOeNMprnn7Mujc0w==
        -----END RSA PRIVATE KEY-----
        """

    /// The same key, PKCS#8.
    static let rsaPKCS8 = """
        -----BEGIN PRIVATE KEY-----
        MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQCVQRN2IExSKMDh
        bAWgK5hPtthey9y2INIIljhhbVcu52jKE2aJdzhdYNRKBi1wc6anNoi0YJVSa90H
        PGDGZgWP08dVvP1MPN66u/z0LZhANCLOW55Xh9pYwWEGjmWNgnK6OYg7ahLTEPnH
        1vaHGa37dNChU30mRVcKABMOGH17oIjEfQczXg6NJpvWtFu9844Jk+1yYcPUFET2
        D6FTdLpxJfZRBRDFitwxdF07u0fEXaQfiHN9rt1xTyJ02zO/s4kelI3oAk7Ywtx6
        KMCiwUQw5cCtVkyq8WYC7JpDKE56XjP/BwGXxyq7ilf5MeYfG7vouXyN+VxOIb/T
        IjhIPtNbAgMBAAECggEABmlFfirtkzQvzf8VBsgGVOP47/Kl2nBgMLfzM3ninkRP
        mpeyLUvFcOjV41lFudYCglTYgLudXCQkR9uTPcTDjq7rB6uElMRZvhH+4jiLKyJJ
        C1J8vweDLv+vhde3eQYWU4fO2EnxTsckwVI9seGrprHP4P4rGuoIKj/N/3OUJOJq
        zNw0wTii26R1i8TI25qJCyQztV8qr+CPypaG6laOX8sHd3ebIaOi6U5etSNHzZQ8
        iklnIHczgPm69g9OV3e2m6v3JafkDaUFNG7Dubckt+tvr0c8yiFVBcGp8VN5Erar
        9g9DMf6+ONyzBNODIs2w51N4Mfq7niKQRC/DNX6L8QKBgQDH47lbW/Kwf16ZVKGJ
        91Q6hKz9dcHUZrD/dAnHh68ZIPVqQGrKV6wiAbrDZgfg1h7rwM8LOup9MlAo0lV+
        BOYmgrsPR0cRltBFOSrMKO3SkZJiS15UigpVwvKQ32PaYLQLxr4j7OvFT3M+eIOC
        M4hhDAhKDT1eKh+KtPgBqU28HQKBgQC/JqRl5fJcwWDoyo8crCZmQWrtJD7chX1I
        mWCtQyEMOR62gAuoZdLhpS0+yXA7LUYJSDqkjQUFlDwDMHaalg8PhcPG+FN3yQIN
        AHSm7Zmy0XuSno12j+mOjZMFCeWl6qkbwo2amPyvbb9KoCzLvcWuvkJm4W7CVErk
        +Sn7hw+D1wKBgQCX3rRY7l5QrSUxuDRXv5u2LlHE7TBMcY1vOTmo6LUnkXwEs1av
        z7bPy6KbjSzVLbomgsKMFMJORujSayRbb9txTQhUzmH3wi8ROSMEJOC0iLfAiOTt
        tEev60MiwSd7pteEzwZuAzcLHZdA0o2QYhjvKxYtNSv4HGcEmwSHNpwCHQKBgEDW
        hLEjvIAGAC82djDNnADXc8OYpdH7XbHAhPCAcrdIsMhKyqmGUG/FrYE8ptsL0lPX
        sjyasPdhfrG+QJzTBazIPM5C8V0SS6XJX8g3lAj50aa8LVPoINr/3ry4zLLo1A/c
        gFfOSPfgjCBuEIPTjThmxPNMyFsWaIkek0UEXRjlAoGBAL49BS9U0TOITZ11kLq3
        h62ATaN1Ys5nXWK4GIcddzWsCyQmnXY2LjK3kLihW74g+zFR7hXm8Y7ZO/4Oq5O7
        8veiGisL3d7JDRdWxpeoOn1V2sr8/BLck/EnIv9vHC+IooMk/6Mki4ntvJSySblW
        IF8kKDteMU540ymuefsy6NzT
        -----END PRIVATE KEY-----
        """

    /// The same key, SPKI.
    static let rsaSPKI = """
        -----BEGIN PUBLIC KEY-----
        MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAlUETdiBMUijA4WwFoCuY
        T7bYXsvctiDSCJY4YW1XLudoyhNmiXc4XWDUSgYtcHOmpzaItGCVUmvdBzxgxmYF
        j9PHVbz9TDzeurv89C2YQDQizlueV4faWMFhBo5ljYJyujmIO2oS0xD5x9b2hxmt
        +3TQoVN9JkVXCgATDhh9e6CIxH0HM14OjSab1rRbvfOOCZPtcmHD1BRE9g+hU3S6
        cSX2UQUQxYrcMXRdO7tHxF2kH4hzfa7dcU8idNszv7OJHpSN6AJO2MLceijAosFE
        MOXArVZMqvFmAuyaQyhOel4z/wcBl8cqu4pX+THmHxu76Ll8jflcTiG/0yI4SD7T
        WwIDAQAB
        -----END PUBLIC KEY-----
        """

    /// The same key, PKCS#1 public.
    static let rsaPublicPKCS1 = """
        -----BEGIN RSA PUBLIC KEY-----
        MIIBCgKCAQEAlUETdiBMUijA4WwFoCuYT7bYXsvctiDSCJY4YW1XLudoyhNmiXc4
        XWDUSgYtcHOmpzaItGCVUmvdBzxgxmYFj9PHVbz9TDzeurv89C2YQDQizlueV4fa
        WMFhBo5ljYJyujmIO2oS0xD5x9b2hxmt+3TQoVN9JkVXCgATDhh9e6CIxH0HM14O
        jSab1rRbvfOOCZPtcmHD1BRE9g+hU3S6cSX2UQUQxYrcMXRdO7tHxF2kH4hzfa7d
        cU8idNszv7OJHpSN6AJO2MLceijAosFEMOXArVZMqvFmAuyaQyhOel4z/wcBl8cq
        u4pX+THmHxu76Ll8jflcTiG/0yI4SD7TWwIDAQAB
        -----END RSA PUBLIC KEY-----
        """

    /// P-256, SEC1, after its parameters block.
    static let p256SEC1 = """
        -----BEGIN EC PARAMETERS-----
        BggqhkjOPQMBBw==
        -----END EC PARAMETERS-----
        -----BEGIN EC PRIVATE KEY-----
        MHcCAQEEILLoMmENNLA4/jPPAyZGkjzBdAHyfGsqZydeOkzv3B1doAoGCCqGSM49
        AwEHoUQDQgAEtSut5aX2cabvXo36FYYaAo9ZGXPOwN/K4KWFXyJkjEjTumC7jpY9
        oGyNEM+nLng9Kijf7nza23dM4cMnFz2hGw==
        -----END EC PRIVATE KEY-----
        """

    /// The same key, PKCS#8.
    static let p256PKCS8 = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgsugyYQ00sDj+M88D
        JkaSPMF0AfJ8aypnJ146TO/cHV2hRANCAAS1K63lpfZxpu9ejfoVhhoCj1kZc87A
        38rgpYVfImSMSNO6YLuOlj2gbI0Qz6cueD0qKN/ufNrbd0zhwycXPaEb
        -----END PRIVATE KEY-----
        """

    /// The same key, SPKI.
    static let p256SPKI = """
        -----BEGIN PUBLIC KEY-----
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEtSut5aX2cabvXo36FYYaAo9ZGXPO
        wN/K4KWFXyJkjEjTumC7jpY9oGyNEM+nLng9Kijf7nza23dM4cMnFz2hGw==
        -----END PUBLIC KEY-----
        """

    /// P-384, PKCS#8.
    static let p384PKCS8 = """
        -----BEGIN PRIVATE KEY-----
        MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDCBvvpr0OBqScYw4Lre
        4oSC67CR/BxyTRFbKeyU5+5iT5ZjxNbBKz4b9Q2As3wHYiuhZANiAAQqy3FgapcR
        sKhvkyox93k0n2DWgzjZpH/nkXC7HgEEkVpl5WW6jCcCiIqM8tIJfrEKFD719Q6U
        xVcgMz941zNJLFC1exvFhMxQ7ASgjVrksqMnaf9osF9wNq1uM7lZW1c=
        -----END PRIVATE KEY-----
        """

    /// The same key, SPKI.
    static let p384SPKI = """
        -----BEGIN PUBLIC KEY-----
        MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEKstxYGqXEbCob5MqMfd5NJ9g1oM42aR/
        55Fwux4BBJFaZeVluownAoiKjPLSCX6xChQ+9fUOlMVXIDM/eNczSSxQtXsbxYTM
        UOwEoI1a5LKjJ2n/aLBfcDatbjO5WVtX
        -----END PUBLIC KEY-----
        """

    /// P-521, SEC1.
    static let p521SEC1 = """
        -----BEGIN EC PARAMETERS-----
        BgUrgQQAIw==
        -----END EC PARAMETERS-----
        -----BEGIN EC PRIVATE KEY-----
        MIHcAgEBBEIA6amvLnHa9ET0zyk5Utefud7TAvSUWrCFfh9yXeUIJJuVUSxmX2gY
        xJobJv9RcDxEeuo0kG31vShgovB0D1QN5eigBwYFK4EEACOhgYkDgYYABAAaiiBh
        +bwOzy/7JDeCrAJgIkTUeuHjjZpyaR4zzbizCcxcw50BRFwnz6J7rvQZR+izvPNh
        VnYQXtaacRLoITcFXAAGzP49ZwvnSQvnbwvHB07+4Opl8XBwrjE384kfs84D4aBN
        8EKI8o+XCt7q+om/+lLnd3prIlu3+3t+C27+CUG39g==
        -----END EC PRIVATE KEY-----
        """

    /// The same key, SPKI.
    static let p521SPKI = """
        -----BEGIN PUBLIC KEY-----
        MIGbMBAGByqGSM49AgEGBSuBBAAjA4GGAAQAGoogYfm8Ds8v+yQ3gqwCYCJE1Hrh
        442acmkeM824swnMXMOdAURcJ8+ie670GUfos7zzYVZ2EF7WmnES6CE3BVwABsz+
        PWcL50kL528LxwdO/uDqZfFwcK4xN/OJH7POA+GgTfBCiPKPlwre6vqJv/pS53d6
        ayJbt/t7fgtu/glBt/Y=
        -----END PUBLIC KEY-----
        """

    /// Ed25519, PKCS#8.
    static let ed25519PKCS8 = """
        -----BEGIN PRIVATE KEY-----
        MC4CAQAwBQYDK2VwBCIEIBkXeDb1C2vK8sqChBbaemi0VzqOaQGpqh6KJElfqz5B
        -----END PRIVATE KEY-----
        """

    /// The same key, SPKI.
    static let ed25519SPKI = """
        -----BEGIN PUBLIC KEY-----
        MCowBQYDK2VwAyEAuo/cd3rHfiUcQ1b6qTiZyMTEoFV0hKYqNXfegzFgUdY=
        -----END PUBLIC KEY-----
        """

    /// P-256 with a compressed point.
    static let compressedSPKI = """
        -----BEGIN PUBLIC KEY-----
        MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgADtSut5aX2cabvXo36FYYaAo9ZGXPO
        wN/K4KWFXyJkjEg=
        -----END PUBLIC KEY-----
        """

    /// P-256 with explicit parameters.
    static let explicitSPKI = """
        -----BEGIN PUBLIC KEY-----
        MIIBSzCCAQMGByqGSM49AgEwgfcCAQEwLAYHKoZIzj0BAQIhAP////8AAAABAAAA
        AAAAAAAAAAAA////////////////MFsEIP////8AAAABAAAAAAAAAAAAAAAA////
        ///////////8BCBaxjXYqjqT57PrvVV2mIa8ZR0GsMxTsPY7zjw+J9JgSwMVAMSd
        NgiG5wSTamZ44ROdJreBn36QBEEEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5
        RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9QIhAP////8AAAAA
        //////////+85vqtpxeehPO5ysL8YyVRAgEBA0IABPXnk2+efsjBGdAORkLpDUz8
        Xq0oZpbo+gpHbTkJJeM5BT736QNDy2N7b2GT/WId6c7ZvGWPyHJJSs2ReshEnVs=
        -----END PUBLIC KEY-----
        """

    /// secp256k1, not supported.
    static let secp256k1SEC1 = """
        -----BEGIN EC PRIVATE KEY-----
        MHQCAQEEIOllg8zW+HTdYH1BZOIOYXprY5+WQiskTQpMnzkIDNAooAcGBSuBBAAK
        oUQDQgAEDHe8gRvDaE7O+dWWMpkZys4xloz7Q891W3UsNAscOowDRDJdzH68kIJh
        /lktuoyOKVl43Pbu/dQujCHtZOzzpg==
        -----END EC PRIVATE KEY-----
        """

    /// Encrypted PKCS#8.
    static let encryptedPKCS8 = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAhvKsDx4/dfcgICCAAw
        DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEENzHor5IpDdVnUUQCOApjYAEgZD3
        3d+oLZsa4MBiNOEwPqbvXWExt+wXoDu8zr5P8h1739gXlpAnYcrI+FWbXLnIjHev
        WPlXnrDia4zmatLpgHxoAeGxujnYmI6oZ+P5ueX9d+BxiY8wmLjplRI0Opdx9LJm
        fCijvyiugQK/nvb2r2ogBd3SENdG4ySbx3pdaYjoyTaKBc/gU8VnDp3m7zP0q5I=
        -----END ENCRYPTED PRIVATE KEY-----
        """

    /// Encrypted in the old way of RFC 1421.
    static let encryptedSEC1 = """
        -----BEGIN EC PRIVATE KEY-----
        Proc-Type: 4,ENCRYPTED
        DEK-Info: AES-128-CBC,4B4FA268B9CCCB146FFD2296DE25E78F

        SPI1ewxYX/UMsUiiBtol6t92sH3esOvLK2GZPgJDjEfJUYJiBggJsQJr0zCTeCO6
        y4J/82p7zqunavTD/vcSBnQMkR6cNesUSt0Wc1Qw059GaDvsJrQuVyZgNUPQrt3f
        Kj4lsK8vQAqwCEbJQBqGLrau4QitWlqGg2M3CIUbQlo=
        -----END EC PRIVATE KEY-----
        """

    /// X25519, which does not sign.
    static let x25519PKCS8 = """
        -----BEGIN PRIVATE KEY-----
        MC4CAQAwBQYDK2VuBCIEIBBdQ9Piq7lflyfnwyMORagQSwAr474pdfSPxkxM8o51
        -----END PRIVATE KEY-----
        """

    /// A certificate.
    static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBeTCCAR+gAwIBAgIUHtg5/U1yr5C8yw4CUhAUbvGU1M0wCgYIKoZIzj0EAwIw
        EjEQMA4GA1UEAwwHZXhhbXBsZTAeFw0yNjExMjQyMTQ0MDVaFw0yNjExMjUyMTQ0
        MDVaMBIxEDAOBgNVBAMMB2V4YW1wbGUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
        AAS1K63lpfZxpu9ejfoVhhoCj1kZc87A38rgpYVfImSMSNO6YLuOlj2gbI0Qz6cu
        eD0qKN/ufNrbd0zhwycXPaEbo1MwUTAdBgNVHQ4EFgQUwndg6Syl4o7i0EOPlu58
        VwBycBcwHwYDVR0jBBgwFoAUwndg6Syl4o7i0EOPlu58VwBycBcwDwYDVR0TAQH/
        BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiBe04hoZRwQwbDdkM8z1GvmeA7OWuHO
        kxzArI9GOPPqZwIhAPoe3hY4CIKN6t4vE75dBTS7FO7N38Y140uPTNvVaPFB
        -----END CERTIFICATE-----
        """

    /// `openssl dgst -sha256 -sign` of the text `message` with the RSA key.
    static let rsaSignature = """
        GvCFm0lzZSJUmrAH0frRgdfqW8I9CQpQd0EQFhUyEhzPDOrz8kvJ3o_KmafmL-JMIEJQUfhTnYPdwQyqbsfV17ycR0ctlmnD\
        GYQe2C8twgUDgC5klQ1y05ySdGl-0qiMPBZRf_r5ogvLTD2lKL5I0cM6HKvxT8m1Niu7AeilQDCn7HtUxqPpmxQdTOCcQFZL\
        1X9V2MGtg7y8hxtjIJw0FWaxGduvFQX3CGbH5L5Nvu9lhbiih4fSJV9kK44DgGYuz_NkHZWiwzYiBEoW-Mw1GrPKHnzzRxzy\
        rSMU3qJn0QWqW4zDY1e918_W-KPtff9NLF1jCfeuGJ8WGR1JvyqxCg
        """

    /// `openssl dgst` with RSASSA-PSS, SHA-256, MGF1 with SHA-256, a salt of 32 bytes, of the text `message`.
    static let pssSignature = """
        eDluFnqLNMMylhMMXO6fH0z8hLyDyvIzgzVI105lakidydpWqho19cndmhyG81nFALjfhqPQUP1AvXG3dkCzYLPEar-mYvCm\
        Ya2kI2tiWK818XgzU7ud2UEm7dhWf-Bdk-Yka_6Ys01SgxtPzzfMcfePQb_g99V3sTh4UMFIubA4ch2tKxxC9lRDmcDNAE5V\
        b_hjPlNU6Uvq8qTHgxAeM8h8wpmVbJX-UlXJacAGlYaQPf-jFcuNTQKiTqqo4lJZ-VlqJEsGkgeKGR9gNaP2PZTYn2nUXIlF\
        PbS606FsCbhZmTJXsSwBgNhHBA7hqjvEDexxYD6cNMwC_McAt-t4wQ
        """

    /// The same with an empty salt.
    static let pssSalt0 = """
        btJg8gSHsZlUJdurY6RgDVOXPpgPLFsjOhyZ_R7m-kHQKXRBfNLp-F8jY79Xh271p17-A_TbaH9moHZrLEZ-FTJd1gh6xab4\
        5JpEBZeXZmdK-BZsBl1RCZfDsE9AZwJFrTxWUBRAVIywjC4D6iRZrs8SJatxnEkfMx1C-sl7Wk2HiFLq8bvuHsGova9yovL8\
        YvTI82ZC_pyLf4cYYuTi29wAxcbYhsEvRe1iDdO2LdknMt5sTFRYsNNeP5ppm8FDawluJUNovdSR3G2zEswTb0Vru0OU1UOa\
        RAjpa5-g9tKIWq0FU_LETtM4dFGUhI5P3u1tUlSxxD8GlOEHYwq3Cg
        """

    /// The same with a salt of 20 bytes.
    static let pssSalt20 = """
        AbmZfVOs8gurqXhN81kEA4XgFlnivQK0n5PpwiFWeEEQtuIlUE6X4MyVMVdBavFnLQ1e062BQI2j0fZSpUr0leXCC239EA8U\
        h0khaW2zUiCndjlIjjz6w0FOxpU5cTKL6s492WLHoeP14P3IFwEalQvk4TDvQqTjA9589AhOD4kDqJsvtDEnnU7Ea61lDjk2\
        aSArkZwo7cJEB7f34G2SHko6ce8N5AjjQjaVWLWlaSasUpINiRqNNHzoobm5FuEpeKD1X9aIeHuiul9gtKjKOJ9BnpO5pgN7\
        AHzgtyWpKiu3I5Bgcmsq26FMSUre_2qmle8hFZOgdIEFlhwtsWWCag
        """

    /// The same with the longest salt.
    static let pssSaltMax = """
        iDpoYXQOsSXKHEhTJoOtg7U_IOtgdRnWT91bnlBJ0ae52NoAT6x5gmA0z8qOtUJsiyb89QPhJ0QmyV57vYHu2z7iN2uSItXR\
        _szTk8KN2zV1UL61-1RXi0NKDlfboAwcCU2OWWHcvE_7PnkH5b6sgP0b4jVnTwBa76in16ZBDO5d9KJJUQQNkykwZ8gi5_rX\
        wrDQyODNn_oakUvkuHmiTDSX9WwQtBciehHtLs3ULRlip-zAA9S10Yg3gZeLCfvAiOQqxaVvuu7vpda0IoLShNJN5_f1g11L\
        X9DJi1y7veI2F3peUbpO7M_-uxOL5-UpvwmVT525zn_zWRqFnnp59A
        """

    /// The same with a salt of 32 bytes and MGF1 with SHA-1.
    static let pssMGF1SHA1 = """
        dQIPeHYSVQm1kQYr1eRQG0cFLa0AFnvXIavuFmoFpNsKqQkWnk6KxdbSxz69MoAdYI60lQDrR3VzqEjGx71EbBS0Fy_0gkEp\
        mAt85CDm0R8lZe1kmF1OxUEsEb6SoN9HU7_H891ryUlg8N3-Cbk3LyON3q626_C476XJN-0dS90Q9CjD-1jD3T4joYXVq43H\
        -ugFDITf0Xy3KERicfrP6CIifwEi0npJE0dPKHRW4BO0Z1OkdYL74zli9H3euG7XvAdn3CPM_uHITcxV_uRAct9VRRiKLlNa\
        -5JXg9Wnj68uc7tEnpm5EkjZU2N4hEjFXaRhGjQkO62GaWgOyUARmQ
        """
}

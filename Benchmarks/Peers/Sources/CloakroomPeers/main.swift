import JWTKit
import Crypto
print("hello")

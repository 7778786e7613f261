run "the_key_of_the_rfc" {
  command = plan

  variables {
    public_keys = [{ id = "1", der = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEf83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEXH8UTNG72bfocs3+257rn0s2ldbqkLJK2KRiMohYjlrQ==" }]
  }

  assert {
    condition = jsondecode(output.json) == { keys = [{
      kty = "EC"
      crv = "P-256"
      use = "sig"
      alg = "ES256"
      kid = "1"
      x   = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
      y   = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
    }] }
    error_message = "It is the public key of RFC 7515, appendix A.3.1."
  }
}

run "every_key_in_its_place" {
  command = plan

  variables {
    # Of the second, x is the bytes 0 to 31 and y 224 to 255; of the third, all bits are set in one and none in the other.
    public_keys = [
      { id = "b", der = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEf83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEXH8UTNG72bfocs3+257rn0s2ldbqkLJK2KRiMohYjlrQ==" },
      { id = "a", der = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh/g4eLj5OXm5+jp6uvs7e7v8PHy8/T19vf4+fr7/P3+/w==" },
      { id = "c", der = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE//////////////////////////////////////////8AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==" },
    ]
  }

  assert {
    condition     = [for key in jsondecode(output.json).keys : key.kid] == ["b", "a", "c"]
    error_message = "The keys keep their order, and their names."
  }
  assert {
    condition     = [jsondecode(output.json).keys[1].x, jsondecode(output.json).keys[1].y] == ["AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "4OHi4-Tl5ufo6err7O3u7_Dx8vP09fb3-Pn6-_z9_v8"]
    error_message = "A bit is lost, or in the wrong place."
  }
  assert {
    condition     = [jsondecode(output.json).keys[2].x, jsondecode(output.json).keys[2].y] == ["__________________________________________8", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]
    error_message = "A bit of one coordinate is in the other."
  }
}

run "refuses_another_curve" {
  command = plan

  variables {
    public_keys = [{ id = "secp256k1", der = "MFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAEf83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEXH8UTNG72bfocs3+257rn0s2ldbqkLJK2KRiMohYjlrQ==" }]
  }

  expect_failures = [var.public_keys]
}

run "refuses_half_a_key" {
  command = plan

  variables {
    public_keys = [{ id = "1", der = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEf83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU=" }]
  }

  expect_failures = [var.public_keys]
}

using System;
using System.Linq;
using System.Security.Cryptography;
using Checkpoint.Imaging;
using Xunit;

namespace Checkpoint.Tests.Imaging;

public class Sha256Tests
{
    /// <summary>The examples that NIST publishes.</summary>
    [Theory]
    [InlineData("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
    [InlineData("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")]
    public void The_published_examples_give_their_digests(string text, int times, string digest) => Assert.Equal(
        digest, Convert.ToHexStringLower(Sha256.Of([.. Enumerable.Repeat(text.Select(c => (byte)c), times).SelectMany(c => c)])));

    [Fact]
    public void Any_length_in_any_pieces_gives_what_the_runtime_gives()
    {
        Random random = new(1);
        byte[] bytes = new byte[400];
        random.NextBytes(bytes);
        for (int length = 0; length <= bytes.Length; length++)
        {
            Sha256 pieces = new();
            for (int done = 0; done < length;)
            {
                int piece = random.Next(1, length - done + 1);
                pieces.Append(bytes.AsSpan(done, piece));
                done += piece;
            }

            byte[] expected = SHA256.HashData(bytes.AsSpan(0, length));
            Assert.Equal(expected, Sha256.Of(bytes.AsSpan(0, length)));
            Assert.Equal(expected, pieces.Finish());
        }
    }
}

using System;
using Checkpoint.TaskDiag;
using Xunit;

namespace Checkpoint.Tests.TaskDiag;

/// <summary>Whatever the bytes are, decoding ends, with a result or with <see cref="WireFormatException"/>, and takes no memory for what they claim.</summary>
public sealed class HostileWireTests
{
    /// <summary>Random mutations per run; raise to 1,000,000 for a long one.</summary>
    private const int Mutations = 200_000;

    [Fact]
    public void Every_truncation_is_read_or_refused()
    {
        for (int seed = 0; seed < 4; seed++)
        {
            byte[] stream = WireSamples.Stream(seed);
            int whole = 0;
            for (int length = 0; length <= stream.Length; length++)
            {
                whole += Survives(stream.AsSpan(0, length)) ? 1 : 0;
            }

            // Nothing, the first message, both; the second one needs no padding.
            Assert.Equal(3, whole);
        }
    }

    [Fact]
    public void Every_bit_flip_is_read_or_refused()
    {
        for (int seed = 0; seed < 4; seed++)
        {
            byte[] stream = WireSamples.Stream(seed);
            for (int bit = 0; bit < stream.Length * 8; bit++)
            {
                stream[bit / 8] ^= (byte)(1 << (bit % 8));
                Survives(stream);
                stream[bit / 8] ^= (byte)(1 << (bit % 8));
            }

            Assert.True(Survives(stream));
        }
    }

    [Fact]
    public void Every_value_of_every_byte_of_a_length_is_read_or_refused()
    {
        byte[] stream = WireSamples.Stream(9);
        for (int at = 0; at + 1 < stream.Length; at += 2)
        {
            (byte low, byte high) = (stream[at], stream[at + 1]);
            foreach (int value in (int[])[0, 1, 3, 4, 5, 27, 28, 63, 64, 65, 0x7fff, 0x8000, 0xfffb, 0xfffc, 0xffff])
            {
                (stream[at], stream[at + 1]) = ((byte)value, (byte)(value >> 8));
                Survives(stream);
            }

            (stream[at], stream[at + 1]) = (low, high);
        }
    }

    [Fact]
    public void Random_mutations_are_read_or_refused()
    {
        Random random = new(20160411);
        byte[][] streams = [WireSamples.Stream(1), WireSamples.Stream(2), WireSamples.Stream(3), WireSamples.Stream(4)];
        byte[] mutant = new byte[8192];
        int whole = 0;
        for (int i = 0; i < Mutations; i++)
        {
            byte[] stream = streams[i % streams.Length];
            stream.CopyTo(mutant, 0);
            int length = stream.Length;
            for (int edits = random.Next(1, 8); edits > 0; edits--)
            {
                length = Mutate(random, mutant, length);
            }

            whole += Survives(mutant.AsSpan(0, length)) ? 1 : 0;
        }

        // Both outcomes must occur often, or the mutations test too little.
        Assert.InRange(whole, Mutations / 100, Mutations - (Mutations / 10));
    }

    [Fact]
    public void Noise_is_read_or_refused()
    {
        Random random = new(5);
        byte[] noise = new byte[300];
        for (int i = 0; i < 20_000; i++)
        {
            random.NextBytes(noise);
            Survives(noise);
            TaskDiagVmaReader vmas = new(noise);
            Assert.Throws<WireFormatException>(() => ReadAll(noise));
        }

        static void ReadAll(byte[] payload)
        {
            TaskDiagVmaReader vmas = new(payload);
            while (vmas.Next())
            {
            }
        }
    }

    /// <summary>Changes a byte or a u16, cuts, repeats or swaps a stretch.</summary>
    private static int Mutate(Random random, byte[] bytes, int length)
    {
        if (length < 8)
        {
            return length;
        }

        int at = random.Next(length - 4);
        int count = random.Next(1, Math.Min(64, length - at));
        switch (random.Next(6))
        {
            case 0:
                bytes[at] = (byte)random.Next(256);
                return length;
            case 1:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return length;
            case 2:
                at &= ~3;
                (bytes[at], bytes[at + 1]) = ((byte)random.Next(256), (byte)random.Next(4));
                return length;
            case 3:
                return random.Next(8) == 0 ? at : length;
            case 4 when length + count <= bytes.Length:
                Array.Copy(bytes, at, bytes, at + count, length - at);
                return length + count;
            default:
                int from = random.Next(length - count);
                Array.Copy(bytes, from, bytes, Math.Min(at, length - count), count);
                return length;
        }
    }

    /// <summary>Decodes all of it.</summary>
    /// <returns>Whether it was valid; any exception but the format's own fails the test.</returns>
    private static bool Survives(ReadOnlySpan<byte> bytes)
    {
        try
        {
            // No item is smaller than an attribute's head, so this bounds the work too.
            Assert.InRange(WireSamples.Decode(bytes).Items, 0, bytes.Length / TaskDiagWire.AttributeHeadSize);
            return true;
        }
        catch (WireFormatException e)
        {
            Assert.InRange(e.Offset, 0, bytes.Length);
            return false;
        }
    }
}

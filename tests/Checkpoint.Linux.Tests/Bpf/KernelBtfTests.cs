using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Checkpoint.Linux.Bpf;
using Checkpoint.Linux.Tests.Environment;
using Xunit;

namespace Checkpoint.Linux.Tests.Bpf;

public sealed partial class KernelBtfTests
{
    private static readonly Lazy<KernelBtf> _kernel = new(() =>
    {
        Assert.Equal(0, KernelBtf.Read(out KernelBtf? btf));
        return btf!;
    });

    [LinuxFact("bpftool", Needs = KernelBtf.Path)]
    public void Functions_have_the_ids_that_bpftool_shows()
    {
        List<Match> types = Tool.Output("bpftool", "btf", "dump", "file", KernelBtf.Path, "format", "raw").Split('\n')
            .Select(line => TypeLine().Match(line)).Where(match => match.Success).ToList();
        Assert.Equal(types[^1].Groups[1].Value, _kernel.Value.TypeCount.ToString(CultureInfo.InvariantCulture));
        List<IGrouping<string, Match>> functions = types.Where(type => type.Groups[2].Value == "FUNC").GroupBy(type => type.Groups[3].Value).ToList();
        Assert.True(functions.Count > 10_000, $"{functions.Count} functions");

        // All that BPF iterates or looks up with, and a sample of the rest: of the same name, the first counts.
        foreach (IGrouping<string, Match> same in functions.Where((group, index) => index % 50 == 0 || group.Key.StartsWith("bpf_", StringComparison.Ordinal)))
        {
            Assert.Equal((same.Key, same.First().Groups[1].Value), (same.Key, Id(_kernel.Value, same.Key)));
        }
    }

    [LinuxFact(Needs = KernelBtf.Path)]
    public void Part_of_a_name_is_not_the_name()
    {
        Assert.True(_kernel.Value.HasFunction("do_exit"u8));
        Assert.False(_kernel.Value.HasFunction("do_exi"u8));
        Assert.False(_kernel.Value.HasFunction("o_exit"u8));
        Assert.False(_kernel.Value.HasFunction("do_exit_no_kernel_has_this"u8));
        Assert.False(_kernel.Value.HasFunction(""u8));
        Assert.False(_kernel.Value.HasFunction("do_exit\0"u8));
    }

    [LinuxFact(Needs = KernelBtf.Path)]
    public void A_struct_is_no_function()
    {
        Assert.True(_kernel.Value.HasStruct("task_struct"u8));
        Assert.False(_kernel.Value.HasFunction("task_struct"u8));
        Assert.False(_kernel.Value.HasStruct("do_exit"u8));
    }

    [Fact]
    public void A_name_that_ends_another_is_found_where_a_type_names_it()
    {
        byte[] btf = Btf([(12, 0, 0, 1, []), (12, 0, 0, 3, []), (4, 0, 0, 5, [])], "\0a_name\0"u8);
        KernelBtf parsed = KernelBtf.Parse(btf)!;
        Assert.Equal(1, parsed.FunctionId("a_name"u8));
        Assert.Equal(2, parsed.FunctionId("name"u8));
        Assert.Equal(0, parsed.FunctionId("ame"u8));
        Assert.False(parsed.HasFunction("me"u8));
        Assert.True(parsed.HasStruct("me"u8));
    }

    [Fact]
    public void What_follows_a_type_is_passed_over_whatever_its_kind()
    {
        (int, int, int, uint, byte[])[] types =
        [
            (1, 0, 0, 1, new byte[4]), (2, 0, 0, 0, []), (3, 0, 0, 0, new byte[12]), (4, 2, 0, 1, new byte[24]), (5, 1, 0, 1, new byte[12]),
            (6, 3, 0, 1, new byte[24]), (7, 0, 0, 1, []), (8, 0, 0, 1, []), (9, 0, 0, 0, []), (10, 0, 0, 0, []), (11, 0, 0, 0, []),
            (13, 2, 0, 0, new byte[16]), (14, 0, 0, 1, new byte[4]), (15, 2, 0, 1, new byte[24]), (16, 0, 0, 1, []),
            (17, 0, 0, 1, new byte[4]), (18, 0, 0, 1, []), (19, 2, 0, 1, new byte[24]), (12, 0, 0, 1, []),
        ];
        Assert.Equal(types.Length, KernelBtf.Parse(Btf(types, "\0f\0"u8))!.FunctionId("f"u8));
        Assert.Null(KernelBtf.Parse(Btf([.. types, (20, 0, 0, 1, [])], "\0f\0"u8)));
    }

    [Fact]
    public void Damaged_bytes_give_nothing_and_never_an_exception()
    {
        byte[] whole = Btf([(4, 2, 0, 1, new byte[24]), (12, 0, 0, 3, [])], "\0s\0f\0"u8);
        Assert.True(KernelBtf.Parse(whole)!.HasFunction("f"u8));
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.Null(KernelBtf.Parse(whole.AsSpan(0, length)));
        }

        int refused = 0;
        for (int bit = 0; bit < whole.Length * 8; bit++)
        {
            byte[] damaged = [.. whole];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            KernelBtf? parsed = KernelBtf.Parse(damaged);
            refused += parsed is null ? 1 : 0;
            _ = parsed?.HasFunction("f"u8);
            _ = parsed?.HasStruct("no such name"u8);
        }

        Assert.InRange(refused, 40, whole.Length * 8);
        Assert.Null(KernelBtf.Parse(Enumerable.Repeat((byte)0xff, 1000).ToArray()));
    }

    private static string Id(KernelBtf btf, string name) =>
        btf.FunctionId(Encoding.ASCII.GetBytes(name)).ToString(CultureInfo.InvariantCulture);

    /// <summary>Puts a file together as <c>linux/btf.h</c> says.</summary>
    private static byte[] Btf((int Kind, int Members, int SizeOrType, uint Name, byte[] Trailer)[] types, ReadOnlySpan<byte> strings)
    {
        using MemoryStream body = new();
        foreach ((int kind, int members, int sizeOrType, uint name, byte[] trailer) in types)
        {
            body.Write(BitConverter.GetBytes(name));
            body.Write(BitConverter.GetBytes(((uint)kind << 24) | (uint)members));
            body.Write(BitConverter.GetBytes(sizeOrType));
            body.Write(trailer);
        }

        byte[] header = new byte[24];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0x0001_eb9f);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), header.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(12), (int)body.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(16), (int)body.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(20), strings.Length);
        return [.. header, .. body.ToArray(), .. strings];
    }

    [GeneratedRegex(@"^\[(\d+)\] (\w+) '([^']*)'")]
    private static partial Regex TypeLine();
}

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Checkpoint.Cli.Rendering;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Tests.Cli;

/// <summary>The writer of long arrays against the runtime's, value by value and byte by byte.</summary>
public class JsonTextTests
{
    [Fact]
    public void Every_byte_looks_as_the_runtime_writes_it()
    {
        byte[] all = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        AssertSame(all.Select(b => (Action<IJson>)(json => json.Bytes(new ByteString([b])))));
        AssertSame(Enumerable.Range(0, 128).Select(c => (Action<IJson>)(json => json.Bytes(ByteString.FromUtf8($"a{(char)c}b")))));
        for (int c = 0; c < 128; c++)
        {
            Assert.Equal(JavaScriptEncoder.Default.WillEncode(c), !Text(json => json.Bytes(ByteString.FromUtf8($"{(char)c}"))).Contains($"\"{(char)c}\"", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Random_rows_look_as_the_runtime_writes_them()
    {
        Random random = new(4);
        for (int round = 0; round < 300; round++)
        {
            int seed = random.Next();
            AssertSame(Enumerable.Range(0, random.Next(1, 300)).Select(i => (Action<IJson>)(json => Row(json, new Random(seed + i)))));
        }
    }

    [Fact]
    public void Long_text_in_any_script_is_cut_at_no_character()
    {
        foreach (string letter in (string[])["é", "€", "😀", "a", "\n", "\""])
        {
            foreach (int times in (int[])[1, 1023, 1024, 1025, 1366, 4095, 4096, 4097, 20000])
            {
                AssertSame([json => json.Bytes(ByteString.FromUtf8("x" + string.Concat(Enumerable.Repeat(letter, times))))]);
            }
        }
    }

    private static void Row(IJson json, Random random)
    {
        json.Number(random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64));
        json.Unsigned((ulong)random.NextInt64() << random.Next(2));
        json.Optional(random.Next(2) == 0 ? null : random.Next(-20, 20));
        json.Hex((ulong)random.NextInt64() >> random.Next(64));
        json.Flag(random.Next(2) == 0);
        json.Word(random.Next(3) == 0 ? null : "word");
        byte[] bytes = new byte[random.Next(40)];
        random.NextBytes(bytes);
        json.Bytes(random.Next(9) == 0 ? null : new ByteString(bytes));
        json.Bytes(new ByteString(Encoding.UTF8.GetBytes(string.Concat(bytes.Select(b => (char)(b * 97))).Replace('\ud800', ' '))));
        json.Strings(random.Next(9) == 0 ? null : new ByteString(Encoding.Latin1.GetBytes("one\0two <3>\0\0" + (char)random.Next(256))));
        json.Names(Enumerable.Repeat("SIGHUP", random.Next(4)));
        json.Numbers([.. bytes.Select(b => b - 100)]);
    }

    private static void AssertSame(IEnumerable<Action<IJson>> rows)
    {
        Action<IJson>[] all = [.. rows];
        using MemoryStream expected = new();
        using (Utf8JsonWriter json = JsonValues.Writer(expected))
        {
            json.WriteStartObject();
            json.WriteStartArray("rows");
            foreach (Action<IJson> row in all)
            {
                json.WriteStartObject();
                row(new Theirs(json));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        using MemoryStream found = new();
        using (Utf8JsonWriter json = JsonValues.Writer(found))
        {
            json.WriteStartObject();
            json.WriteStartArray("rows");
            JsonBatches.Write(json, all, static (text, row) =>
            {
                text.WriteStartObject();
                row(new Ours(text));
                text.WriteEndObject();
            });
            json.WriteEndArray();
            json.WriteEndObject();
        }

        Assert.Equal(Encoding.UTF8.GetString(expected.ToArray()), Encoding.UTF8.GetString(found.ToArray()));
    }

    private static string Text(Action<IJson> row)
    {
        JsonText text = new();
        text.WriteStartObject();
        row(new Ours(text));
        text.WriteEndObject();
        return Encoding.UTF8.GetString(text.Text);
    }

    private interface IJson
    {
        void Number(long value);

        void Unsigned(ulong value);

        void Optional(long? value);

        void Hex(ulong value);

        void Flag(bool value);

        void Word(string? value);

        void Bytes(ByteString? value);

        void Strings(ByteString? value);

        void Names(IEnumerable<string> values);

        void Numbers(int[] values);
    }

    private sealed class Ours(JsonText json) : IJson
    {
        public void Number(long value) => json.WriteNumber("number"u8, value);

        public void Unsigned(ulong value) => json.WriteNumber("unsigned"u8, value);

        public void Optional(long? value) => json.WriteOptional("optional"u8, value);

        public void Hex(ulong value) => json.WriteHex("hex"u8, value);

        public void Flag(bool value) => json.WriteBoolean("flag"u8, value);

        public void Word(string? value) => json.WriteString("word"u8, value);

        public void Bytes(ByteString? value) => json.WriteBytes("bytes"u8, value);

        public void Strings(ByteString? value) => json.WriteStrings("strings"u8, value);

        public void Names(IEnumerable<string> values) => json.WriteNames("names"u8, values);

        public void Numbers(int[] values) => json.WriteNumbers("numbers"u8, values);
    }

    private sealed class Theirs(Utf8JsonWriter json) : IJson
    {
        public void Number(long value) => json.WriteNumber("number", value);

        public void Unsigned(ulong value) => json.WriteNumber("unsigned", value);

        public void Optional(long? value) => json.WriteOptional("optional", value);

        public void Hex(ulong value) => json.WriteHex("hex", value);

        public void Flag(bool value) => json.WriteBoolean("flag", value);

        public void Word(string? value) => json.WriteString("word", value);

        public void Bytes(ByteString? value) => json.WriteBytes("bytes", value);

        public void Strings(ByteString? value) => json.WriteStrings("strings", value);

        public void Names(IEnumerable<string> values) => json.WriteNames("names", values);

        public void Numbers(int[] values) => json.WriteNumbers("numbers", values);
    }
}

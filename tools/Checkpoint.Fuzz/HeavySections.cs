using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Checkpoint.Imaging;

namespace Checkpoint.Fuzz;

/// <summary>Sections with any number of rows: the values of the seed's first row, but in the columns that a shape is about.</summary>
internal sealed class HeavySections
{
    private readonly SeedImage _seed;
    private readonly Dictionary<string, byte[]> _changed = [];

    /// <summary>Begins with one process, one file and one set of credentials.</summary>
    /// <param name="seed">A valid image with a process.</param>
    internal HeavySections(SeedImage seed)
    {
        _seed = seed;
        Strings(2, 1);
        Table("users", 0, ("uid", _ => 0), ("name", _ => 0));
        Table("files", 1, ("major", _ => 1), ("minor", _ => 1), ("inode", _ => 1), ("name", _ => 0));
        Credentials(1);
        Processes(1, _ => 1, 0);
        _changed["spaces"] = Map("spaces", ("count", [0]), ("lengths", [0x90]), ("columns", [0x80]));
    }

    private delegate void ValueWriter(ref MessagePackWriter writer, int row);

    /// <summary>Rows of any table; a column without a function has the seed's word, or nil.</summary>
    internal void Table(string section, int rows, params (string Column, Func<int, ulong>? Value)[] columns)
    {
        List<(string, byte[])> made = [];
        foreach ((string column, Func<int, ulong>? value) in columns)
        {
            made.Add((column, Array(rows, (ref writer, row) =>
            {
                if (value is not null)
                {
                    writer.Write(value(row));
                }
                else
                {
                    writer.Write(column == "part" ? "maps" : "exec");
                }
            })));
        }

        Set(section, rows, made);
    }

    /// <summary>One text that a column refers to in every row.</summary>
    internal void LongText(string section, string column, int rows, int length)
    {
        Strings(2, length);
        switch (section)
        {
            case "processes" or "threads":
                Processes(rows, i => (ulong)i + 1, 0, (section, column, Array(rows, (ref writer, _) => writer.Write(1ul))));
                break;
            case "credentials":
                Credentials(rows, (column, Array(rows, (ref writer, _) => writer.Write(1ul))));
                break;
            case "users":
                Table("users", rows, ("uid", i => (ulong)i), ("name", _ => 1));
                break;
            default:
                Table("files", rows, ("major", _ => 1), ("minor", _ => 1), ("inode", i => (ulong)i + 1), ("name", _ => 1));
                break;
        }
    }

    /// <summary>Strings of one length.</summary>
    internal void Strings(int count, int length)
    {
        byte[] text = new byte[length];
        text.AsSpan().Fill((byte)'a');
        _changed["strings"] = Map("strings", ("values", Array(count, (ref writer, row) => writer.WriteString(row == 0 ? "x"u8 : text))));
    }

    /// <summary>Command lines or environments of nothing but NULs: as many strings as bytes.</summary>
    internal void Arguments(string column, int rows, int length)
    {
        byte[] nuls = new byte[length];
        _changed["strings"] = Map("strings", ("values", Array(2, (ref writer, row) => writer.WriteString(row == 0 ? "x"u8 : nuls))));
        Processes(rows, i => (ulong)i + 1, 0, ("processes", column, Array(rows, (ref writer, _) => writer.Write(1ul))));
    }

    /// <summary>Processes with a thread each.</summary>
    internal void Processes(int rows, Func<int, ulong> tgid, int side, params (string Section, string Column, byte[] Values)[] more)
    {
        byte[] ids = Array(rows, (ref writer, row) => writer.Write(tgid(row)));
        byte[] parents = Array(rows, (ref writer, row) => writer.Write(row == 0 ? 0 : tgid(row - 1)));
        byte[] differs = Array(rows, (ref writer, row) => writer.Write((ulong)side));
        byte[] states = Array(rows, (ref writer, row) => writer.Write((ulong)side * 3));
        Repeat("processes", rows, [
            ("tgid", ids), ("ppid", parents), ("space", null), ("pgid", differs), ("umask", differs), ("cwd", null), ("exit_code", differs),
            .. more.Where(m => m.Section == "processes").Select(m => (m.Column, (byte[]?)m.Values))]);
        Repeat("threads", rows, [
            ("tgid", ids), ("tid", ids), ("cred", null), ("state", states), ("sig_blk", differs), ("nice", differs), ("comm", differs),
            .. more.Where(m => m.Section == "threads").Select(m => (m.Column, (byte[]?)m.Values))]);
    }

    /// <summary>Threads of one process, its leader the last.</summary>
    internal void Threads(int rows, int side)
    {
        Repeat("processes", 1, [("tgid", Array(1, (ref writer, _) => writer.Write((ulong)rows))), ("space", null)]);
        Repeat("threads", rows, [
            ("tgid", Array(rows, (ref writer, _) => writer.Write((ulong)rows))), ("tid", Array(rows, (ref writer, row) => writer.Write((ulong)row + 1))),
            ("cred", null), ("sig_blk", Array(rows, (ref writer, row) => writer.Write(((ulong)row * 2) + (ulong)side)))]);
    }

    /// <summary>Namespaces whose numbers have halves that differ in the same bits.</summary>
    internal void Namespaces(int rows, int side)
    {
        byte[] inodes = Array(rows, (ref writer, row) => writer.Write(((ulong)(uint)row << 32) | (uint)(row ^ (0x5000 + side))));
        Processes(rows, i => (ulong)i + 1, side, [.. ((string[])["ns_mnt", "ns_net", "ns_pid", "ns_user"]).Select(name => ("processes", name, inodes))]);
    }

    /// <summary>Threads that share credentials with many groups.</summary>
    internal void Groups(int rows, int groups, int side)
    {
        byte[] list = Array(groups, (ref writer, row) => writer.Write(((ulong)row * 2) + (ulong)side));
        Credentials(1, ("groups", Array(1, (ref writer, _) => writer.WriteRaw(list))));
        Threads(rows, side);
        Repeat("threads", rows, [
            ("tgid", Array(rows, (ref writer, _) => writer.Write((ulong)rows))), ("tid", Array(rows, (ref writer, row) => writer.Write((ulong)row + 1))),
            ("cred", Array(rows, (ref writer, _) => writer.Write(0ul)))]);
    }

    /// <summary>Threads with an id in each of 33 pid namespaces.</summary>
    internal void NsPids(int rows)
    {
        byte[] list = Array(33, (ref writer, _) => writer.Write(1ul));
        Processes(rows, i => (ulong)i + 1, 0, ("threads", "ns_pids", Array(rows, (ref writer, _) => writer.WriteRaw(list))));
    }

    /// <summary>Credentials with all capabilities, each of a thread of its own.</summary>
    internal void Credentials(int rows, params (string Column, byte[] Values)[] more)
    {
        byte[] all = Array(rows, (ref writer, _) => writer.Write(ulong.MaxValue));
        Repeat("credentials", rows, [
            ("uid", Array(rows, (ref writer, row) => writer.Write((ulong)row))), ("label", null), ("groups", null),
            ("cap_prm", all), ("cap_eff", all), ("cap_bnd", all), ("cap_inh", all), .. more.Select(m => (m.Column, (byte[]?)m.Values))]);
        if (rows > 1)
        {
            int threads = Math.Min(rows, 30_000);
            Processes(threads, i => (ulong)i + 1, 0, ("threads", "cred", Array(threads, (ref writer, row) => writer.Write((ulong)row))));
        }
    }

    /// <summary>Deleted files of one path whose inodes have halves that differ in the same bits, each mapped once.</summary>
    internal void Files(int rows, int side)
    {
        Strings(2, 30);
        Table("files", rows, ("major", _ => 1), ("minor", _ => 1), ("inode", i => ((ulong)i << 32) | (uint)(i ^ (1 << 20))), ("name", _ => 1));
        Vmas(Math.Min(rows, 100_000), 5, _ => 0, step: side + 1, files: true);
    }

    /// <summary>VMAs of one process.</summary>
    internal void Vmas(int rows, ulong flags, Func<int, ulong> offset, int step = 1, int file = -1, bool files = false) =>
        Spaces([rows], rows, flags, offset, step, _ => 1, files ? row => row : file < 0 ? null : _ => file);

    /// <summary>VMAs with page statistics.</summary>
    internal void Statistics(int rows)
    {
        byte[] zeros = Array(rows, (ref writer, _) => writer.Write(0ul));
        Spaces([rows], rows, 3, _ => 0, 1, _ => 1, null, [.. VmaStatColumns.Names.Select(name => (name, zeros))]);
    }

    /// <summary>Processes that pair each of the lists of one side with each of the other's.</summary>
    internal void Lists(int rows, int lists, int length, int side)
    {
        Spaces([.. Enumerable.Repeat(length, lists)], lists * length, 3, _ => 0, 1 + side, row => 1 + (ulong)(row / length), null);
        Processes(rows, i => (ulong)i + 1, 0, ("processes", "space", Array(rows, (ref writer, row) => writer.Write((ulong)(side == 0 ? row / lists % lists : row % lists)))));
    }

    /// <summary>The file.</summary>
    internal byte[] Build()
    {
        using MemoryStream stream = new();
        using SectionCompressor compressor = new(level: 9);
        ContainerWriter writer = new(stream);
        writer.WriteHeader();
        foreach (CompressedSection frame in _seed.Frames)
        {
            writer.WriteSection(_changed.TryGetValue(frame.Name, out byte[]? content) ? compressor.Compress(frame.Name, content) with { Version = 1 } : frame);
        }

        writer.WriteTable();
        return stream.ToArray();
    }

    private static byte[] Bytes(ValueWriter write)
    {
        ByteBuffer buffer = new(int.MaxValue, "a section");
        MessagePackWriter writer = new(buffer);
        write(ref writer, 0);
        writer.Flush();
        return buffer.Span.ToArray();
    }

    private static byte[] Array(int count, ValueWriter value) => Bytes((ref writer, _) =>
    {
        writer.WriteArrayHeader(count);
        for (int i = 0; i < count; i++)
        {
            value(ref writer, i);
        }
    });

    private static byte[] Map(string section, params (string Key, byte[] Value)[] more) => Bytes((ref writer, _) =>
    {
        writer.WriteMapHeader(2 + more.Length);
        writer.WriteSectionName(section);
        foreach ((string key, byte[] value) in more)
        {
            writer.Write(key);
            writer.WriteRaw(value);
        }
    });

    private void Set(string section, int rows, List<(string Column, byte[] Values)> columns)
    {
        byte[] count = Bytes((ref writer, _) => writer.Write((ulong)rows));
        _changed[section] = Map(section, ("count", count), ("columns", Columns(columns)));
    }

    private static byte[] Columns(List<(string Column, byte[] Values)> columns) => Bytes((ref writer, _) =>
    {
        writer.WriteMapHeader(columns.Count);
        foreach ((string column, byte[] values) in columns)
        {
            writer.Write(column);
            writer.WriteRaw(values);
        }
    });

    private void Spaces(
        int[] lengths, int rows, ulong flags, Func<int, ulong> offset, int step, Func<int, ulong> pages, Func<int, int>? file, (string, byte[])[]? more = null)
    {
        List<(string, byte[])> columns =
        [
            ("gap", Array(rows, (ref writer, _) => writer.Write((ulong)step))),
            ("pages", Array(rows, (ref writer, row) => writer.Write(pages(row)))),
            ("flags", Array(rows, (ref writer, _) => writer.Write(flags))),
            ("offset", Array(rows, (ref writer, row) => writer.Write(offset(row)))),
            .. more ?? [],
        ];
        if (file is not null)
        {
            columns.Add(("file", Array(rows, (ref writer, row) => writer.Write((ulong)file(row)))));
        }

        Processes(1, _ => 1, 0, ("processes", "space", [0x91, 0]));
        _changed["spaces"] = Map(
            "spaces", ("count", Bytes((ref writer, _) => writer.Write((ulong)lengths.Length))),
            ("lengths", Array(lengths.Length, (ref writer, row) => writer.Write((ulong)lengths[row]))), ("columns", Columns(columns)));
    }

    /// <summary>The seed's first row so many times, but in some columns; a column without values is left out.</summary>
    private void Repeat(string section, int rows, List<(string Column, byte[]? Values)> other)
    {
        PackedNode columns = _seed.Contents[_seed.Frames.FindIndex(frame => frame.Name == section)].Find("columns")!;
        Dictionary<string, byte[]> made = [];
        for (int i = 0; i + 1 < columns.Children.Count; i += 2)
        {
            string name = new MessagePackReader(columns.Children[i].Encode()).ReadString();
            byte[] first = columns.Children[i + 1].Children[0].Encode();
            bool isText = name is "cmdline" or "environ" or "exe" or "cwd" or "root" or "comm" or "label";
            made[name] = Array(rows, (ref writer, _) =>
            {
                if (isText && first[0] != MessagePackCode.Nil)
                {
                    writer.Write(0ul);
                }
                else
                {
                    writer.WriteRaw(first);
                }
            });
        }

        foreach ((string column, byte[]? values) in other)
        {
            _ = made.Remove(column);
            if (values is not null)
            {
                made[column] = values;
            }
        }

        Set(section, rows, [.. made.Select(pair => (pair.Key, pair.Value))]);
    }
}

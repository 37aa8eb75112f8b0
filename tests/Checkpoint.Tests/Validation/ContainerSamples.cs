using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Checkpoint.Imaging;
using Checkpoint.Tests.Imaging;

namespace Checkpoint.Tests.Validation;

/// <summary>For each rule about bytes an image that breaks exactly that rule.</summary>
internal static class ContainerSamples
{
    /// <summary>By rule id.</summary>
    public static readonly Dictionary<string, Func<byte[]>> Images = new()
    {
        ["container.not-an-image"] = () => "#!/bin/sh\n"u8.ToArray(),
        ["container.version"] = () => Changed(12, 2),
        ["container.truncated"] = () => Sound()[..^30],
        ["container.frame"] = () => Changed(Sections()[4].Section.Offset + Sections()[4].Section.CompressedLength - 1, 0x55),
        ["container.limit"] = ManyFrames,
        ["container.table"] = LyingTable,
        ["container.trailing"] = () => [.. Sound(), 0],
        ["section.name"] = () => RawSection([0x80]),
        ["section.version"] = () => Edited(e => e.Set("gaps", "version", (ref w) => w.Write(2))),
        ["section.twice"] = () => Build([.. Bodies(), Bodies()[^1]]),
        ["section.order"] = () => Build([Bodies()[0], Bodies()[2], Bodies()[1], .. Bodies().Skip(3)]),
        ["section.missing"] = () => Build(Bodies().Where(s => s.Name != "events")),
        ["section.content"] = () => Edited(e => e.SetRow("threads", "comm", 0, 1000)),
        ["section.unknown"] = () => Build([.. Bodies(), ("more", Named("more", 7))]),
        ["gap.order"] = () => Edited(e => Table(e, "gaps", 2, ("tgid", [101, 100]), ("tid", [101, 100]), ("errno", [3, 3])), gaps: true),
        ["user.order"] = () => Edited(e => Table(e, "users", 2, ("uid", [1000, 1000]), ("name", [0, 0]))),
    };

    private static byte[] Sound() => Tests.Imaging.Images.Write(RuleSamples.Sound());

    private static List<(ImageSection Section, byte[] Body)> Sections() => Tests.Imaging.Images.Sections(Sound());

    private static (string Name, byte[] Body)[] Bodies() => [.. Sections().Select(s => (s.Section.Name, s.Body))];

    private static byte[] Build(IEnumerable<(string Name, byte[] Body)> sections) => Tests.Imaging.Images.Build(sections);

    private static byte[] Changed(long offset, byte value)
    {
        byte[] image = Sound();
        image[offset] = (byte)(image[offset] == value ? value + 1 : value);
        return image;
    }

    private static byte[] Edited(Action<SectionEditor> edit, bool gaps = false)
    {
        Model.ProcessTree tree = RuleSamples.Sound();
        SectionEditor editor = new(Tests.Imaging.Images.Write(gaps ? tree with { Gaps = [new(100, 100, Model.CapturePart.Exe, 3), new(101, 101, Model.CapturePart.Exe, 3)] } : tree));
        edit(editor);
        return Build(editor.Sections);
    }

    private static void Table(SectionEditor editor, string section, int count, params (string Column, long[] Values)[] columns)
    {
        editor.Set(section, "count", (ref w) => w.Write(count));
        foreach ((string column, long[] values) in columns)
        {
            editor.SetColumn(section, column, (ref w) =>
            {
                w.WriteArrayHeader(values.Length);
                foreach (long value in values)
                {
                    w.Write(value);
                }
            });
        }
    }

    private static byte[] Named(string name, long version) => Tests.Imaging.Images.Encode((ref w) =>
    {
        w.WriteMapHeader(2);
        w.Write("section");
        w.Write(name);
        w.Write("version");
        w.Write(version);
    });

    private static byte[] ManyFrames()
    {
        byte[] image = Sound();
        int table = (int)(Sections()[^1].Section.Offset + Sections()[^1].Section.CompressedLength);
        return [.. image[..table], .. Enumerable.Repeat<byte[]>([0x55, 0x2a, 0x4d, 0x18, 0, 0, 0, 0], 300).SelectMany(frame => frame), .. image[table..]];
    }

    private static byte[] RawSection(byte[] body)
    {
        using SectionCompressor compressor = new();
        using MemoryStream stream = new();
        ContainerWriter writer = new(stream);
        writer.WriteHeader();
        writer.WriteSection(compressor.Compress("odd", body));
        writer.WriteTable();
        return stream.ToArray();
    }

    /// <summary>Two rows that claim the same bytes; the checksum of the table is right.</summary>
    private static byte[] LyingTable()
    {
        List<ImageSection> rows = [.. Sections().Select(s => s.Section)];
        rows[3] = rows[3] with { Offset = rows[2].Offset };
        ByteBuffer table = new(1 << 20, "a test");
        ContainerTable.Write(table, rows, []);
        return [.. Sound()[..(int)(rows[^1].Offset + rows[^1].CompressedLength)], .. table.Span];
    }
}

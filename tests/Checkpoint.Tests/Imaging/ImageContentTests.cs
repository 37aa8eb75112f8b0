using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Checkpoint.Imaging;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Tests.Imaging;

/// <summary>Images whose bytes are sound but whose content contradicts itself, and trees that do.</summary>
public class ImageContentTests
{
    [Theory]
    [InlineData("processes", "tgid", 1, 400, "not above 400")]
    [InlineData("processes", "tgid", 0, 0, "not above 0")]
    [InlineData("processes", "space", 0, 99, "no VMA list 99")]
    [InlineData("processes", "cmdline", 0, 9999, "no string 9999")]
    [InlineData("processes", "vm_rss", 3, 1, "not nil")]
    [InlineData("processes", "ppid", 0, 4294967296, "out of range")]
    [InlineData("threads", "tid", 3, 411, "not above 411")]
    [InlineData("threads", "tgid", 0, 399, "not a process")]
    [InlineData("threads", "tgid", 7, 4194305, "no threads")]
    [InlineData("threads", "state", 0, 9, "out of range")]
    [InlineData("threads", "cred", 0, 77, "no credentials 77")]
    [InlineData("threads", "sig_blk", 0, null, "integer")]
    [InlineData("threads", "start_time", 0, -1, "negative")]
    [InlineData("credentials", "uid", 0, 4294967296, "out of range")]
    [InlineData("files", "name", 0, null, "integer")]
    [InlineData("spaces", "gap", 0, 9223372036854775807, "passes the end")]
    [InlineData("spaces", "gap", 3, 4503599627370495, "passes the end")]
    [InlineData("spaces", "pages", 0, 0, "empty")]
    [InlineData("spaces", "pages", 0, 4503599627370496, "passes the end")]
    [InlineData("spaces", "offset", 0, 4503599627370496, "2^64")]
    [InlineData("spaces", "file", 0, 9, "no file 9")]
    [InlineData("spaces", "flags", 0, -1, "negative")]
    [InlineData("spaces", "page_size", 0, 4097, "no power of two")]
    [InlineData("spaces", "page_size", 9, 4294967296, "out of range")]
    [InlineData("spaces", "rss", 9, -1, "negative")]
    [InlineData("spaces", "rss", 9, null, "not nil where")]
    [InlineData("spaces", "rss", 0, 1, "integer")]
    [InlineData("spaces", "locked", 12, 18014398509481984, "2^64")]
    [InlineData("files", "build_id", 0, 5, "string")]
    [InlineData("processes", "space_changed", 0, 1, "bool")]
    public void A_wrong_value_in_a_column_is_refused_with_its_section(string section, string column, int row, object? value, string said)
    {
        SectionEditor editor = new(Images.Write(SampleTrees.Rich()));
        editor.SetRow(section, column, row, value is null ? null : Convert.ToInt64(value, CultureInfo.InvariantCulture));
        AssertRefused(editor, section, said);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(12)]
    public void A_list_of_which_some_VMAs_have_statistics_and_some_not_is_refused(int row)
    {
        SectionEditor editor = new(Images.Write(SampleTrees.Rich()));
        foreach (string column in editor.Columns("spaces").Skip(6).ToArray())
        {
            editor.SetRow("spaces", column, row, null);
        }

        AssertRefused(editor, "spaces", "some VMAs of a list have statistics and some not");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(21)]
    public void A_build_ID_of_no_or_too_many_bytes_is_refused(int length)
    {
        SectionEditor editor = new(Images.Write(SampleTrees.Small()));
        editor.SetColumn("files", "build_id", (ref writer) =>
        {
            writer.WriteArrayHeader(2);
            writer.WriteNil();
            writer.WriteBin(new byte[length]);
        });
        AssertRefused(editor, "files", $"{length} bytes are none or too many");
    }

    [Fact]
    public void A_process_whose_threads_are_missing_is_refused()
    {
        SectionEditor editor = new(Images.Write(SampleTrees.Rich()));
        editor.SetRow("threads", "tgid", 4, 410);
        AssertRefused(editor, "threads", "process 420 has no threads");
    }

    [Theory]
    [InlineData("processes", "tgid")]
    [InlineData("threads", "comm")]
    [InlineData("credentials", "cap_eff")]
    [InlineData("files", "inode")]
    [InlineData("spaces", "gap")]
    [InlineData("gaps", "part")]
    [InlineData("events", "kind")]
    [InlineData("users", "uid")]
    public void A_column_that_may_not_be_nil_may_not_be_missing_or_short(string section, string column)
    {
        SectionEditor editor = new(Images.Write(SampleTrees.Rich()));
        editor.SetColumn(section, column, null);
        AssertRefused(editor, section, "missing");

        editor.SetColumn(section, column, (ref writer) => writer.WriteArrayHeader(0));
        AssertRefused(editor, section, "has 0 values");
    }

    [Theory]
    [InlineData("capture", "page_size", 4097)]
    [InlineData("capture", "page_size", 1)]
    [InlineData("capture", "stable", 1)]
    [InlineData("processes", "count", 7)]
    [InlineData("processes", "count", 4294967296)]
    [InlineData("spaces", "count", 1)]
    [InlineData("strings", "values", 1)]
    public void A_wrong_value_of_a_key_is_refused(string section, string key, long value)
    {
        SectionEditor editor = new(Images.Write(SampleTrees.Rich()));
        editor.Set(section, key, (ref writer) => writer.Write(value));
        AssertRefused(editor, section, string.Empty);
    }

    [Fact]
    public void Unknown_words_are_refused()
    {
        SectionEditor editor = new(Images.Write(SampleTrees.Rich()));
        editor.SetColumn("events", "kind", (ref writer) =>
        {
            writer.WriteArrayHeader(3);
            writer.Write("exited");
            writer.Write("slept\n");
            writer.Write("exec");
        });
        AssertRefused(editor, "events", "'slept\\n' is not one of");
    }

    [Fact]
    public void Trees_that_contradict_themselves_are_not_written()
    {
        ProcessTree tree = SampleTrees.Rich();
        ProcessEntry first = tree.Processes[0];
        AssertNotWritten(tree with { Processes = [first, first] }, "there twice");
        AssertNotWritten(tree with { Processes = [first with { Tgid = 0 }] }, "not above 0");
        AssertNotWritten(tree with { Processes = [first with { Threads = [] }] }, "no threads");
        AssertNotWritten(tree with { Processes = [first with { Threads = [first.Leader, first.Leader] }] }, "there twice");
        AssertNotWritten(tree with { Gaps = [new(1, 1, (CapturePart)13, 1)] }, "CapturePart");
        AssertNotWritten(tree with { Capture = tree.Capture with { PageSize = 0 } }, "page size");
        AssertNotWritten(WithVmas(new Vma(0x1000, 0x2001, 0, 0, -1)), "not aligned");
        AssertNotWritten(WithVmas(new Vma(0x1000, 0x2000, 0, 5, -1)), "not aligned");
        AssertNotWritten(WithVmas(new Vma(0x1000, 0x1000, 0, 0, -1)), "empty");
        AssertNotWritten(WithVmas(new(0x1000, 0x3000, 0, 0, -1), new(0x2000, 0x4000, 0, 0, -1)), "not after");
        AssertNotWritten(WithVmas(new Vma(0x1000, 0x2000, 0, 0, -1, 4097)), "no power of two");
        AssertNotWritten(WithStats(default, default), "statistics of 2");
        AssertNotWritten(WithStats(new VmaStats { SwapPss = 1023 }), "not whole KiB");
        AssertNotWritten(tree with { Files = [new(0, 0, 1, default, default(ByteString)), .. tree.Files] }, "0 bytes of 'build_id'");
        AssertNotWritten(tree with { Files = [new(0, 0, 1, default, SampleTrees.BuildId(21)), .. tree.Files] }, "21 bytes of 'build_id'");
        AssertNotWritten(WithVmas(new Vma(0x1000, 0x2000, 0, 0, 9)), "refers to file 9");
        AssertNotWritten(WithVmas(new Vma(0x1000, 0x2000, 0, 0, -2)), "refers to file -2");

        ProcessTree WithVmas(params Vma[] vmas) => tree with { Processes = [first with { Space = new AddressSpace(vmas) }] };
        ProcessTree WithStats(params VmaStats[] stats) => tree with { Processes = [first with { Space = new AddressSpace([new(0x1000, 0x2000, 0, 0, -1)], stats) }] };
    }

    [Fact]
    public void A_state_that_a_reader_would_refuse_is_not_written()
    {
        ProcessTree tree = SampleTrees.Empty();
        ThreadEntry thread = SampleTrees.Rich().Processes[0].Leader with { State = (TaskState)9 };
        AssertNotWritten(tree with { Processes = [SampleTrees.Rich().Processes[0] with { Space = null, Threads = [thread] }] }, "TaskState");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Lists_of_VMAs_cost_their_arrays_and_no_object_a_VMA(bool withStats)
    {
        const int Vmas = 60_000;
        ProcessTree tree = SampleTrees.Large(1, Vmas, withStats);
        byte[] image = Images.Write(tree);
        Assert.Equal(TreeText.Of(tree), TreeText.Of(Images.Read(image)));

        // An object a VMA would be 24 bytes at least on top of the 40 (and 128) of the arrays and the share of the growing buffer.
        int arrays = withStats ? 128 : 0;
        int columns = withStats ? 32 : 0;
        long start = GC.GetAllocatedBytesForCurrentThread();
        Images.Read(image);
        long read = GC.GetAllocatedBytesForCurrentThread() - start - (300 << 10);
        start = GC.GetAllocatedBytesForCurrentThread();
        ImageWriter.Write(Stream.Null, tree);
        long written = GC.GetAllocatedBytesForCurrentThread() - start - (300 << 10);
        Assert.InRange(read / Vmas, 0, 80 + arrays + columns);
        Assert.InRange(written / Vmas, 0, 60 + columns);
    }

    private static void AssertRefused(SectionEditor editor, string section, string said)
    {
        byte[] image = Images.Build(editor.Sections);
        ImageFormatException exception = Assert.Throws<ImageFormatException>(() => Images.Read(image));
        Assert.Equal(section, exception.Section);
        Assert.Contains(said, exception.Message, StringComparison.Ordinal);
    }

    private static void AssertNotWritten(ProcessTree tree, string said)
    {
        using MemoryStream stream = new();
        Assert.Contains(said, Assert.Throws<ArgumentException>(() => ImageWriter.Write(stream, tree)).Message, StringComparison.Ordinal);
        Assert.Equal(0, stream.Length);
    }
}

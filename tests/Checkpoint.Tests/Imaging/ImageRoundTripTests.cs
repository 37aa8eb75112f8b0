using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using Checkpoint.Imaging;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Tests.Imaging;

public class ImageRoundTripTests
{
    [Fact]
    public void A_tree_with_one_of_everything_comes_back() => AssertComesBack(SampleTrees.Rich());

    [Fact]
    public void A_tree_without_processes_comes_back() => AssertComesBack(SampleTrees.Empty());

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_trees_come_back(int seed)
    {
        for (int i = 0; i < 20; i++)
        {
            AssertComesBack(SampleTrees.Random((seed * 1000) + i, i * 3));
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void The_order_in_which_a_tree_was_collected_does_not_matter(int seed)
    {
        ProcessTree tree = SampleTrees.Random(seed, 40);
        Assert.Equal(Images.Write(tree), Images.Write(Shuffle(tree, seed)));
    }

    [Fact]
    public void Writing_what_was_read_gives_the_same_bytes()
    {
        byte[] image = Images.Write(SampleTrees.Random(6, 40));
        Assert.Equal(image, Images.Write(Images.Read(image)));
    }

    [Fact]
    public void Processes_with_equal_lists_share_one_instance_though_they_had_two()
    {
        ProcessTree tree = SampleTrees.Rich();
        ProcessEntry server = tree.Processes[1];
        ProcessEntry copy = tree.Processes[2] with { Space = new AddressSpace(server.Space!.Vmas.ToArray(), server.Space.Stats.ToArray()) };
        ProcessTree copied = tree with { Processes = [tree.Processes[0], server, copy, .. tree.Processes.Skip(3)] };

        byte[] image = Images.Write(copied);
        ProcessTree read = Images.Read(image);
        Assert.Same(read.Processes[1].Space, read.Processes[2].Space);
        Assert.Equal(Images.Write(tree), image);
    }

    [Fact]
    public void Equal_lists_with_other_statistics_stay_apart()
    {
        ProcessTree tree = SampleTrees.Rich();
        AddressSpace space = tree.Processes[1].Space!;
        VmaStats[] stats = space.Stats.ToArray();
        stats[^1] = stats[^1] with { Locked = 1024 };
        foreach (AddressSpace other in (AddressSpace[])[new(space.Vmas.ToArray(), stats), new(space.Vmas.ToArray())])
        {
            AssertComesBack(tree with { Processes = [.. tree.Processes.Take(2), tree.Processes[2] with { Space = other }, .. tree.Processes.Skip(3)] });
        }
    }

    [Fact]
    public void What_was_not_captured_takes_no_columns()
    {
        ProcessTree tree = SampleTrees.Large(2, 20);
        SectionEditor editor = new(Images.Write(tree));
        Assert.Equal(["gap", "pages", "flags", "offset", "file"], editor.Columns("spaces"));
        Assert.DoesNotContain("space_changed", editor.Columns("processes"));
        Assert.DoesNotContain("build_id", editor.Columns("files"));
        Assert.Equal(21, new SectionEditor(Images.Write(SampleTrees.Large(2, 20, withStats: true))).Columns("spaces").Count());
    }

    [Fact]
    public void An_image_from_before_build_IDs_and_statistics_is_read()
    {
        SectionEditor editor = new(Images.Write(SampleTrees.Rich()));
        editor.Set("capture", "with_vm_flags", null);
        editor.Set("capture", "with_vm_stats", null);
        editor.SetColumn("files", "build_id", null);
        editor.SetColumn("processes", "space_changed", null);
        foreach (string column in editor.Columns("spaces").Skip(5).ToArray())
        {
            editor.SetColumn("spaces", column, null);
        }

        ProcessTree read = Images.Read(Images.Build(editor.Sections));
        Assert.False(read.Capture.WithVmFlags || read.Capture.WithVmStats);
        Assert.All(read.Files, f => Assert.Null(f.BuildId));
        Assert.All(read.Processes, p => Assert.False(p.SpaceChanged));
        Assert.Equal(0u, read.Processes[1].Space!.Vmas[0].PageSize);
        Assert.True(read.Processes[1].Space!.Stats.IsEmpty);
    }

    [Fact]
    public void Equal_credentials_become_one_instance()
    {
        ProcessTree read = Images.Read(Images.Write(SampleTrees.Rich()));
        Assert.Same(read.Processes[1].Threads[1].Credentials, read.Processes[1].Threads[2].Credentials);
        Assert.Same(read.Processes[0].Leader.Credentials, read.Processes[2].Leader.Credentials);
    }

    [Fact]
    public void An_image_can_be_read_from_a_pipe_that_gives_one_byte_at_a_time()
    {
        ProcessTree tree = SampleTrees.Rich();
        using OneByteStream pipe = new(Images.Write(tree));
        Assert.Equal(TreeText.Of(tree), TreeText.Of(ImageReader.Read(pipe)));
    }

    [Fact]
    public void Neither_reading_nor_writing_closes_the_stream()
    {
        using MemoryStream stream = new();
        ImageWriter.Write(stream, SampleTrees.Empty());
        stream.Position = 0;
        ImageReader.Read(stream);
        Assert.True(stream.CanRead);
    }

    [Fact]
    public void A_command_line_of_no_bytes_is_not_one_that_could_not_be_read()
    {
        ProcessTree read = Images.Read(Images.Write(SampleTrees.Rich()));
        Assert.Equal(default(ByteString), read.Processes.Single(p => p.Tgid == 430).Cmdline);
        Assert.Null(read.Processes.Single(p => p.Tgid == 4194304).Cmdline);
    }

    [Fact]
    public void An_environment_of_2_MB_comes_back()
    {
        byte[] environ = new byte[2 << 20];
        new Random(1).NextBytes(environ);
        ProcessTree tree = SampleTrees.Rich();
        AssertComesBack(tree with { Processes = [tree.Processes[0] with { Environ = new ByteString(environ) }], Files = [.. tree.Files.Take(6)] });
    }

    [Fact]
    public void Pages_of_64_KiB_come_back()
    {
        Vma[] vmas = [new(0x10000, 0x30000, VmaFlags.Read, 0xffff_ffff_ffff_0000, -1), new(0x30000, 0xffff_ffff_ffff_0000, VmaFlags.Write, 0, -1)];
        ProcessTree tree = SampleTrees.Rich();
        AssertComesBack(tree with
        {
            Capture = tree.Capture with { PageSize = 65536 },
            Processes = [tree.Processes[0] with { Space = new AddressSpace(vmas) }],
        });
    }

    private static void AssertComesBack(ProcessTree tree) => Assert.Equal(TreeText.Of(tree), TreeText.Of(Images.Read(Images.Write(tree))));

    /// <summary>The same state in another order: processes, threads, gaps, users, files, and VMA lists not shared.</summary>
    private static ProcessTree Shuffle(ProcessTree tree, int seed)
    {
        Random random = new(seed);
        int[] order = [.. Enumerable.Range(0, tree.Files.Count)];
        random.Shuffle(order);
        MappedFile[] files = [.. order.Select(i => tree.Files[i])];
        ProcessEntry[] processes =
        [
            .. tree.Processes.Select(p => p with
            {
                Threads = Shuffled(p.Threads, random),
                Space = p.Space is null ? null : new AddressSpace(Renumbered(p.Space.Vmas, order), p.Space.Stats.ToArray()),
            }),
        ];
        return tree with
        {
            Files = files,
            Processes = Shuffled(processes, random),
            Gaps = Shuffled(tree.Gaps, random),
            Users = Shuffled(tree.Users, random),
        };
    }

    private static Vma[] Renumbered(ReadOnlySpan<Vma> vmas, int[] order)
    {
        Vma[] copy = vmas.ToArray();
        foreach (ref Vma vma in copy.AsSpan())
        {
            vma = vma with { File = vma.File < 0 ? -1 : Array.IndexOf(order, vma.File) };
        }

        return copy;
    }

    private static List<T> Shuffled<T>(IReadOnlyList<T> items, Random random)
    {
        List<T> copy = [.. items];
        random.Shuffle(CollectionsMarshal.AsSpan(copy));
        return copy;
    }
}

using System.Linq;
using Checkpoint.Diffing;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Tests.Diffing;

public class SpaceDiffTests
{
    private static readonly Vma[] Vmas = DiffTrees.Vmas();

    [Fact]
    public void A_heap_that_grew_and_a_stack_that_grew_down_are_one_change_each()
    {
        VmaChange[] changes = Compare(Vmas, Changed(2, v => v with { End = v.End + 0x1000 }, (6, v => v with { Start = v.Start - 0x2000 })));
        Assert.Equal([(2, VmaAspects.Grown), (6, VmaAspects.Grown)], changes.Select(change => (System.Array.IndexOf(Vmas, change.Old!.Value), change.Aspects)));
        Assert.Equal(Vmas[6].Start - 0x2000, changes[1].New!.Value.Start);
    }

    [Fact]
    public void Memory_that_was_given_back_shrank()
    {
        VmaChange change = Assert.Single(Compare(Vmas, Changed(2, v => v with { End = v.End - 0x1000 })));
        Assert.Equal((VmaAspects.Shrunk, Vmas[2].End - 0x1000), (change.Aspects, change.New!.Value.End));
    }

    [Fact]
    public void Code_made_writable_in_its_middle_is_one_piece_with_another_protection()
    {
        Vma code = Vmas[0];
        Vma[] cut =
        [
            code with { End = code.Start + 0x1000 },
            new(code.Start + 0x1000, code.Start + 0x2000, DiffTrees.X | VmaFlags.Write, 0x1000, DiffTrees.Exe),
            code with { Start = code.Start + 0x2000, Offset = 0x2000 },
            .. Vmas[1..],
        ];
        VmaChange change = Assert.Single(Compare(Vmas, cut));
        Assert.Equal(VmaAspects.Protection, change.Aspects);
        Assert.Equal(cut[1], change.New);
        Assert.Equal(cut[1] with { Flags = DiffTrees.X }, change.Old);
        Assert.Equal(SecurityConcerns.WritableExecutable, change.Concerns);
    }

    [Fact]
    public void Where_the_kernel_cut_two_that_are_alike_is_no_difference()
    {
        Vma code = Vmas[0];
        Assert.Empty(Compare(Vmas, [code with { End = code.Start + 0x1000 }, code with { Start = code.Start + 0x1000, Offset = 0x1000 }, .. Vmas[1..]]));
    }

    [Fact]
    public void A_hole_in_the_middle_is_the_piece_by_which_it_shrank()
    {
        Vma memory = Vmas[3];
        VmaChange change = Assert.Single(Compare(Vmas, [.. Vmas[..3], memory with { End = memory.Start + 0x1000 }, memory with { Start = memory.Start + 0x3000 }, .. Vmas[4..]]));
        Assert.Equal((VmaAspects.Shrunk, memory.Start + 0x1000, memory.Start + 0x3000), (change.Aspects, change.Old!.Value.Start, change.Old!.Value.End));
        Assert.Null(change.New);
    }

    [Fact]
    public void A_library_at_another_address_moved()
    {
        VmaChange change = Assert.Single(Compare(Vmas, Changed(4, v => v with { Start = v.Start + 0x10_0000, End = v.End + 0x10_0000 })));
        Assert.Equal(VmaAspects.Moved, change.Aspects);
    }

    [Fact]
    public void Several_pieces_of_anonymous_memory_that_are_alike_do_not_pass_for_moved()
    {
        Vma At(ulong address) => new(address, address + 0x1000, DiffTrees.W, 0, -1);
        Assert.Equal([VmaAspects.Moved], Compare([At(0x1000)], [At(0x9000)]).Select(change => change.Aspects));
        Assert.Equal(
            [VmaAspects.Unmapped, VmaAspects.Mapped, VmaAspects.Mapped],
            Compare([At(0x1000)], [At(0x9000), At(0xb000)]).Select(change => change.Aspects));
    }

    [Fact]
    public void Something_else_at_a_place_that_became_free_is_one_gone_and_one_come()
    {
        Vma library = Vmas[4];
        VmaChange[] changes = Compare(Vmas, Changed(4, v => new(v.Start, v.End + 0x1000, DiffTrees.W, 0, -1)));
        Assert.Equal([VmaAspects.Unmapped, VmaAspects.Mapped], changes.Select(change => change.Aspects));
        Assert.Equal(library, changes[0].Old);
    }

    [Fact]
    public void A_library_that_was_deleted_under_its_process_is_still_the_same_file()
    {
        MappedFile[] files = [.. DiffTrees.Files];
        files[DiffTrees.Library] = files[DiffTrees.Library] with { Name = SampleTrees.Bytes("/lib/libx.so.1 (deleted)") };
        Assert.Equal(VmaAspects.Deleted, Assert.Single(Compare(Vmas, Vmas, files)).Aspects);
        Assert.Equal(VmaAspects.Deleted, Assert.Single(Compare(Vmas, Vmas, files, MatchMode.Role)).Aspects);
    }

    [Fact]
    public void Another_file_under_the_same_path_replaced_it_wherever_it_lies_now()
    {
        MappedFile[] files = [.. DiffTrees.Files];
        files[DiffTrees.Library] = files[DiffTrees.Library] with { Inode = 21, BuildId = SampleTrees.BuildId(18) };
        Vma[] elsewhere = Changed(4, v => v with { Start = v.Start + 0x10_0000, End = v.End + 0x10_2000 });
        Assert.Equal(VmaAspects.Replaced, Assert.Single(Compare(Vmas, Vmas, files)).Aspects);
        Assert.Equal(VmaAspects.Replaced | VmaAspects.Moved | VmaAspects.Grown, Assert.Single(Compare(Vmas, elsewhere, files)).Aspects);
        Assert.Equal(VmaAspects.Replaced | VmaAspects.Grown, Assert.Single(Compare(Vmas, elsewhere, files, MatchMode.Role)).Aspects);
    }

    [Fact]
    public void On_another_boot_the_build_ID_tells_whether_it_is_the_same_file()
    {
        MappedFile[] files = [.. DiffTrees.Files.Select(file => file with { Inode = file.Inode == 0 ? 0 : file.Inode + 1000 })];
        Assert.Empty(Compare(Vmas, Vmas, files, MatchMode.Role, boot: "another"));
        files[DiffTrees.Library] = files[DiffTrees.Library] with { BuildId = SampleTrees.BuildId(18) };
        Assert.Equal(VmaAspects.Replaced, Assert.Single(Compare(Vmas, Vmas, files, MatchMode.Role, boot: "another")).Aspects);
    }

    [Fact]
    public void A_file_that_was_renamed_is_the_same_file()
    {
        MappedFile[] files = [.. DiffTrees.Files];
        files[DiffTrees.Library] = files[DiffTrees.Library] with { Name = SampleTrees.Bytes("/lib/renamed.so") };
        Assert.Equal(VmaAspects.Renamed, Assert.Single(Compare(Vmas, Vmas, files)).Aspects);
    }

    [Fact]
    public void By_role_addresses_are_no_difference_and_sizes_of_anonymous_memory_are_counters()
    {
        Vma[] elsewhere = [.. DiffTrees.Vmas(0x5600_0000_0000)];
        Assert.Empty(Compare(Vmas, elsewhere, mode: MatchMode.Role));
        elsewhere[2] = elsewhere[2] with { End = elsewhere[2].End + 0x5000 };
        VmaChange[] changes = Compare(Vmas, [.. elsewhere, new(0x7000_0000_0000, 0x7000_0000_1000, DiffTrees.W, 0, -1)], mode: MatchMode.Role);
        Assert.Equal([(VmaAspects.Grown, ChangeKind.Counter), (VmaAspects.Mapped, ChangeKind.Counter)], changes.Select(change => (change.Aspects, change.Kind)));
    }

    [Fact]
    public void By_role_executable_anonymous_memory_is_no_counter()
    {
        VmaChange change = Assert.Single(Compare(Vmas, [.. Vmas, new(0x7000_0000_0000, 0x7000_0000_1000, DiffTrees.X, 0, -1)], mode: MatchMode.Role));
        Assert.Equal((ChangeKind.Vma, SecurityConcerns.ExecutableAnonymous), (change.Kind, change.Concerns));
    }

    [Fact]
    public void Flags_that_only_one_side_knows_are_not_compared()
    {
        Vma[] known = Changed(3, v => v with { Flags = v.Flags | VmaFlags.AllKnown | VmaFlags.Locked, PageSize = 4096 });
        Assert.Empty(Compare(Vmas, known));
        Vma[] before = Changed(3, v => v with { Flags = v.Flags | VmaFlags.AllKnown, PageSize = 2 << 20 });
        Assert.Equal(VmaAspects.Flags | VmaAspects.PageSize, Assert.Single(Compare(before, known)).Aspects);
    }

    [Fact]
    public void Sixty_thousand_VMAs_that_all_lie_elsewhere_are_compared_in_no_time()
    {
        Vma[] many = [.. Enumerable.Range(1, 60_000).Select(i => new Vma((ulong)i << 16, ((ulong)i << 16) + 0x1000, (VmaFlags)(i % 2 == 0 ? 1 : 3), 0, i % 3 - 1))];
        Vma[] elsewhere = [.. many.Select(v => v with { Start = v.Start + 0x5000, End = v.End + 0x5000 })];
        System.Diagnostics.Stopwatch time = System.Diagnostics.Stopwatch.StartNew();
        Assert.NotEmpty(Compare(many, elsewhere));
        Assert.NotEmpty(Compare(many, elsewhere[1..], mode: MatchMode.Role));
        Assert.True(time.Elapsed.TotalSeconds < 10, $"{time.Elapsed}");
    }

    private static Vma[] Changed(int index, System.Func<Vma, Vma> change, params (int Index, System.Func<Vma, Vma> Change)[] more)
    {
        Vma[] vmas = [.. Vmas];
        foreach ((int i, System.Func<Vma, Vma> f) in more.Prepend((index, change)))
        {
            vmas[i] = f(vmas[i]);
        }

        return vmas;
    }

    private static VmaChange[] Compare(Vma[] old, Vma[] @new, MappedFile[]? files = null, MatchMode mode = MatchMode.Identity, string? boot = null)
    {
        ProcessTree before = DiffTrees.Tree(DiffTrees.Process(100, 1, 1000, vmas: old));
        ProcessTree after = DiffTrees.Tree(DiffTrees.Process(100, 1, 1000, vmas: @new)) with { Files = files ?? DiffTrees.Files };
        after = boot is null ? after : after with { Capture = after.Capture with { BootId = SampleTrees.Bytes(boot) } };
        return [.. Assert.Single(TreeDiff.Of(before, after, mode).Processes).Vmas];
    }
}

using System.IO;
using System.Linq;
using Checkpoint.Imaging;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Tests.Imaging;

public class ImagePaddingTests
{
    [Fact]
    public void A_tree_that_compresses_to_nothing_is_padded_so_that_it_can_be_read()
    {
        const int Count = 2_000_000;
        Vma[] vmas = [.. Enumerable.Range(1, Count).Select(i => new Vma((ulong)i * 8192, ((ulong)i * 8192) + 4096, VmaFlags.Read, 0, -1))];
        ProcessTree small = SampleTrees.Small();
        byte[] image = Images.Write(small with { Processes = [small.Processes[0] with { Space = new AddressSpace(vmas) }] });
        Assert.InRange(image.Length, 1 << 20, 2 << 20);
        Assert.Equal(Count, Images.Read(image).Processes[0].Space!.Vmas.Length);
        using MemoryStream pipe = new(image);
        Assert.Empty(ImageCheck.Read(pipe, readSections: true).Problems);
    }

    [Fact]
    public void An_ordinary_tree_has_no_padding() =>
        Assert.Equal(Container.HeaderFrameLength, Images.Sections(Images.Write(SampleTrees.Rich()))[0].Section.Offset);
}

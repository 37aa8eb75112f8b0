using System;
using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;
using Checkpoint.Fuzz;
using Xunit;

namespace Checkpoint.Tests.Fuzz;

/// <summary>A small part of what <c>tools/Checkpoint.Fuzz run</c> does by hand.</summary>
[Collection(AloneCollection.Name)]
public class CampaignTests
{
    private static readonly string _golden = Repository.PathOf("images/golden");

    [Fact]
    public void Files_changed_with_their_structure_in_mind_break_no_law()
    {
        List<string> failures = [];
        Campaign campaign = new(SeedImage.Below(_golden), (number, _, why) => failures.Add($"file {number}: {why}"));
        campaign.Run(0, 4000);
        Assert.Empty(failures);
        Assert.True(campaign.Valid is > 100 and < 3000, $"{campaign.Valid} of {campaign.Tried} were valid: the changes are too weak or too strong");
    }

    [Fact]
    public void The_same_number_gives_the_same_file()
    {
        using ImageMutator one = new(SeedImage.Below(_golden));
        using ImageMutator other = new(SeedImage.Below(_golden));
        other.Make(1);
        Assert.Equal(one.Make(7), other.Make(7));
        Assert.NotEqual(one.Make(8), one.Make(7));
    }

    [Fact]
    public void Every_byte_of_the_golden_images_flipped_breaks_no_law_and_is_noticed()
    {
        ForEach((image, number) =>
        {
            image[number] ^= 0xff;
            return image;
        });
    }

    [Fact]
    public void Every_truncation_of_the_golden_images_breaks_no_law_and_is_refused()
    {
        ForEach((image, number) => image[..number]);
    }

    private static void ForEach(Func<byte[], int, byte[]> change)
    {
        const int Small = 8 << 10;
        foreach (string path in Directory.EnumerateFiles(_golden, "*.ckpt", SearchOption.AllDirectories))
        {
            // Larger ones would take minutes.
            byte[] image = File.ReadAllBytes(path);
            Assert.InRange(image.Length, 1, Small);
            Parallel.For(0, image.Length, i =>
            {
                byte[] changed = change([.. image], i);
                try
                {
                    Assert.False(Laws.Check(changed, i), $"{path}: byte {i} is not noticed");
                }
                catch (Exception e) when (e is not Xunit.Sdk.XunitException)
                {
                    Assert.Fail($"{path}, byte {i}: {e}");
                }
            });
        }
    }
}

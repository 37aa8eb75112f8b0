namespace Checkpoint.Imaging;

/// <summary>Adds up what an image takes, and holds it against what a file of its size may.</summary>
/// <param name="limits">The caps.</param>
internal sealed class ImageBudget(ImageLimits limits)
{
    private long _spent;

    /// <summary>Counts a section.</summary>
    /// <param name="section">Where it is.</param>
    /// <param name="map">Its content.</param>
    /// <exception cref="ImageFormatException">It is too much for what was read of the file so far.</exception>
    public void Spend(ImageSection section, SectionMap map)
    {
        long spent = _spent + SectionCost.Of(map);
        long allowed = limits.MemoryFor(section.Offset + section.CompressedLength);
        if (spent > allowed)
        {
            throw new ImageFormatException(
                section.Offset, $"section '{section.Name}' would take some {spent >> 20} MiB of memory, {allowed >> 20} MiB are allowed for a file of this size")
            {
                Fault = ImageFault.Limit,
            };
        }

        _spent = spent;
    }
}

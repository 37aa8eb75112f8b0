namespace Checkpoint.Imaging;

/// <summary>
/// Adds up what an image takes, and holds it against what a file of its size may. Texts and lists count as often as they are
/// referred to, for that is how often a view shows them.
/// </summary>
/// <param name="limits">The caps.</param>
internal sealed class ImageBudget(ImageLimits limits)
{
    private long _spent;
    private long _allowed;
    private ImageSection? _section;

    /// <summary>Counts a section, its content and its rows; what its values refer to counts when they are read.</summary>
    /// <param name="section">Where it is.</param>
    /// <param name="map">Its content.</param>
    /// <exception cref="ImageFormatException">It is too much for what was read of the file so far.</exception>
    public void Spend(ImageSection section, SectionMap map)
    {
        _section = section;
        _allowed = limits.MemoryFor(section.Offset + section.CompressedLength);
        map.Budget = this;
        Add(map.Length + SectionCost.Of(map));
    }

    /// <summary>Counts something that the section refers to.</summary>
    /// <param name="bytes">What it takes.</param>
    /// <exception cref="ImageFormatException">It is too much for what was read of the file so far.</exception>
    public void Add(long bytes)
    {
        _spent += bytes;
        if (_spent > _allowed && _section is { } section)
        {
            throw new ImageFormatException(
                section.Offset, $"with section '{section.Name}' the image would take more than the {_allowed >> 20} MiB that are allowed for a file of this size")
            {
                Fault = ImageFault.Limit,
            };
        }
    }
}

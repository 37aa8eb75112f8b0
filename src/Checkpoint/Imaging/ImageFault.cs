namespace Checkpoint.Imaging;

/// <summary>What kind of thing is wrong with the bytes of an image.</summary>
public enum ImageFault
{
    /// <summary>A section's keys, columns, types, counts, ranges or references.</summary>
    Content,

    /// <summary>The file does not begin as an image does.</summary>
    NotAnImage,

    /// <summary>A format version or flag that this program does not know.</summary>
    Version,

    /// <summary>The file ends too early.</summary>
    Truncated,

    /// <summary>A frame is damaged, or of a kind that images do not use.</summary>
    Frame,

    /// <summary>A frame or section is beyond the format's limits.</summary>
    Limit,

    /// <summary>The section table does not say what the file holds.</summary>
    Table,

    /// <summary>Something follows the section table.</summary>
    Trailing,

    /// <summary>A section does not begin with its name and version.</summary>
    SectionName,

    /// <summary>A section has a version that this program does not know.</summary>
    SectionVersion,

    /// <summary>A section is there twice.</summary>
    SectionTwice,

    /// <summary>A section comes before one that it refers to.</summary>
    SectionOrder,

    /// <summary>A section is missing.</summary>
    SectionMissing,
}

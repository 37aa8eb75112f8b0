namespace Checkpoint.Imaging;

/// <summary>A skippable frame between the sections: nothing that this version knows.</summary>
/// <param name="Offset">Where it begins, bytes from the start of the file.</param>
/// <param name="Length">Its length with its header, bytes.</param>
/// <param name="Crc32C">CRC-32C of it.</param>
internal sealed record SkippedFrame(long Offset, long Length, uint Crc32C);

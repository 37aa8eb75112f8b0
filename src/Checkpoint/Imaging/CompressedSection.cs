namespace Checkpoint.Imaging;

/// <summary>A section ready to be written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Length">Length of its content in bytes.</param>
/// <param name="Frame">Its zstd frame.</param>
internal sealed record CompressedSection(string Name, int Length, byte[] Frame);

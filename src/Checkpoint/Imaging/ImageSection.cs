using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>One section as it lies in the file.</summary>
/// <param name="Name">Its name, such as <c>processes</c>.</param>
/// <param name="Version">Version of its layout.</param>
/// <param name="Offset">Where its frame begins, bytes from the start of the file.</param>
/// <param name="CompressedLength">Length of its frame in bytes.</param>
/// <param name="Length">Length of its content in bytes.</param>
/// <param name="Crc32C">CRC-32C (Castagnoli) of its frame.</param>
/// <param name="Digest">SHA-256 of its content, 32 bytes.</param>
public sealed record ImageSection(
    string Name, uint Version, long Offset, long CompressedLength, long Length, uint Crc32C, ByteString Digest);

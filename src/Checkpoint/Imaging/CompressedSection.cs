using System;
using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>A section ready to be written: fresh from the encoder, or as it lay in another image.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Version of its layout.</param>
/// <param name="Length">Length of its content in bytes.</param>
/// <param name="Digest">SHA-256 of its content.</param>
/// <param name="Frame">Its zstd frame.</param>
internal sealed record CompressedSection(string Name, uint Version, long Length, ByteString Digest, ReadOnlyMemory<byte> Frame);

using System;

namespace Checkpoint.Imaging;

/// <summary>Takes a section that was read.</summary>
/// <param name="section">The section.</param>
/// <param name="body">Its content, during the call.</param>
internal delegate void SectionTaker(ImageSection section, ReadOnlyMemory<byte> body);

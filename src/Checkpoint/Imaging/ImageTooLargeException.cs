using System;

namespace Checkpoint.Imaging;

/// <summary>A tree is beyond what an image may hold (<c>images/README.md</c>, limits); nothing was written.</summary>
/// <param name="message">What there is too much of, and how much is allowed.</param>
public sealed class ImageTooLargeException(string message) : ArgumentException(message);

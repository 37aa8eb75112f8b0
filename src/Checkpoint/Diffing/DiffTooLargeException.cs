using System;

namespace Checkpoint.Diffing;

/// <summary>Two trees differ in more than is told: those that processes really have come nowhere near, those of a made-up image may.</summary>
/// <param name="message">What there is too much of.</param>
public sealed class DiffTooLargeException(string message) : Exception(message);

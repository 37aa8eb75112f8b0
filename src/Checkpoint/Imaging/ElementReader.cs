namespace Checkpoint.Imaging;

/// <summary>Reads one element of an array.</summary>
/// <param name="reader">Positioned at it.</param>
/// <typeparam name="T">Type of the element.</typeparam>
/// <returns>The element.</returns>
internal delegate T ElementReader<out T>(ref MessagePackReader reader);

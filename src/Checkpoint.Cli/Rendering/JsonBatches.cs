using System;
using System.Collections.Generic;
using System.Text.Json;
using System.Threading.Tasks;

namespace Checkpoint.Cli.Rendering;

/// <summary>Writes long arrays on all cores: batches of elements become text side by side, and are put together in their order.</summary>
internal static class JsonBatches
{
    private const int Elements = 128;

    /// <summary>Bytes of texts that end a batch before it has so many elements; what is longer is written alone.</summary>
    private const long Texts = 64 << 10;

    /// <summary>Writes the elements of an array that is a property of the document's top object and was begun.</summary>
    /// <param name="json">An indenting writer, as <see cref="JsonValues.Writer"/> gives it.</param>
    /// <param name="items">What to write.</param>
    /// <param name="write">Writes one element, or some; on any thread.</param>
    /// <param name="texts">Bytes of texts of any length in an element; null when there are none.</param>
    internal static void Write<T>(Utf8JsonWriter json, IReadOnlyList<T> items, Action<JsonText, T> write, Func<T, long>? texts = null)
    {
        // A few batches are under way at a time, so that memory does not grow with the document.
        int most = Environment.ProcessorCount + 1;
        Queue<Task<JsonText>> running = [];
        Stack<JsonText> free = [];
        for (int start = 0; start < items.Count || running.Count > 0;)
        {
            while (start < items.Count && running.Count < most)
            {
                int end = End(items, start, texts, out bool isLarge);
                if (isLarge && running.Count > 0)
                {
                    break;
                }

                int first = start;
                start = end;
                if (isLarge || items.Count <= Elements)
                {
                    // One that takes much memory does so alone, and its memory goes with it.
                    Put(json, Fill(new JsonText(), items, first, end, write));
                    continue;
                }

                JsonText batch = free.Count > 0 ? free.Pop() : new JsonText();
                running.Enqueue(Task.Run(() => Fill(batch, items, first, end, write)));
            }

            if (running.Count > 0)
            {
                JsonText done = running.Dequeue().GetAwaiter().GetResult();
                Put(json, done);
                free.Push(done);
            }
        }
    }

    /// <summary>Where the batch ends that begins at an element.</summary>
    private static int End<T>(IReadOnlyList<T> items, int start, Func<T, long>? texts, out bool isLarge)
    {
        long bytes = 0;
        int end = start;
        while (end < items.Count && end - start < Elements && bytes <= Texts)
        {
            long own = texts is null ? 0 : texts(items[end]);
            if (own > Texts && end > start)
            {
                break;
            }

            bytes += own;
            end++;
        }

        isLarge = bytes > 2 * Texts;
        return end;
    }

    private static void Put(Utf8JsonWriter json, JsonText batch)
    {
        json.WriteRawValue(batch.Text, skipInputValidation: true);
        json.Flush();
    }

    private static JsonText Fill<T>(JsonText json, IReadOnlyList<T> items, int first, int end, Action<JsonText, T> write)
    {
        json.Clear();
        for (int i = first; i < end; i++)
        {
            write(json, items[i]);
        }

        return json;
    }
}

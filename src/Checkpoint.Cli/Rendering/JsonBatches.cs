using System;
using System.Collections.Generic;
using System.Text.Json;
using System.Threading.Tasks;

namespace Checkpoint.Cli.Rendering;

/// <summary>Writes long arrays on all cores: batches of elements become text side by side, and are put together in their order.</summary>
internal static class JsonBatches
{
    private const int Elements = 128;

    /// <summary>Writes the elements of an array that is a property of the document's top object and was begun.</summary>
    /// <param name="json">An indenting writer, as <see cref="JsonValues.Writer"/> gives it.</param>
    /// <param name="items">What to write.</param>
    /// <param name="write">Writes one element, or some; on any thread.</param>
    internal static void Write<T>(Utf8JsonWriter json, IReadOnlyList<T> items, Action<JsonText, T> write)
        where T : class
    {
        if (items.Count <= Elements)
        {
            JsonText few = Fill(new JsonText(), items, 0, write);
            if (items.Count > 0)
            {
                json.WriteRawValue(few.Text, skipInputValidation: true);
            }

            return;
        }

        // A few batches are under way at a time, so that memory does not grow with the document.
        int most = Environment.ProcessorCount + 1;
        Queue<Task<JsonText>> running = [];
        Stack<JsonText> free = [];
        for (int start = 0; start < items.Count || running.Count > 0;)
        {
            while (start < items.Count && running.Count < most)
            {
                JsonText batch = free.Count > 0 ? free.Pop() : new JsonText();
                int first = start;
                running.Enqueue(Task.Run(() => Fill(batch, items, first, write)));
                start += Elements;
            }

            JsonText done = running.Dequeue().GetAwaiter().GetResult();
            json.WriteRawValue(done.Text, skipInputValidation: true);
            json.Flush();
            free.Push(done);
        }
    }

    private static JsonText Fill<T>(JsonText json, IReadOnlyList<T> items, int first, Action<JsonText, T> write)
    {
        json.Clear();
        int end = Math.Min(first + Elements, items.Count);
        for (int i = first; i < end; i++)
        {
            write(json, items[i]);
        }

        return json;
    }
}

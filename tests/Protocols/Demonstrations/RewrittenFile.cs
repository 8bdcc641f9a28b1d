using Sim.Protocols.Demonstrations.Files;

namespace Sim.Tests.Protocols.Demonstrations;

/// <summary>Makes recordings that say something else, with checksums that fit.</summary>
internal static class RewrittenFile
{
    /// <summary>Copies a recording; the payload of each chunk goes through <paramref name="change"/>.</summary>
    public static void Write(string source, string target, Func<ChunkType, int, byte[], byte[]> change)
    {
        using var file = ChunkFile.Open(source);
        var appender = ChunkAppender.Create(target);
        for (int i = 0; i < file.Chunks.Count; i++)
        {
            var place = file.Chunks[i];
            var payload = new PayloadBuffer();
            payload.Write(change(place.Header.Type, i, file.ReadRaw(place).ToArray()));
            appender.Append(place.Header.Type, place.Header.FirstStep, payload);
        }
        appender.Close();
    }

    /// <summary>Bytes of a recording that was never closed: all but index and footer.</summary>
    public static byte[] Unclosed(string path)
    {
        using var file = ChunkFile.Open(path);
        return File.ReadAllBytes(path)[..(int)file.LastIndex];
    }

    /// <summary>Where the chunks of a file begin, indices included, and where the last ends.</summary>
    public static long[] Boundaries(string path)
    {
        using var file = ChunkFile.Open(path);
        long last = file.LastIndex > 0 ? file.LastIndex : file.Chunks[^1].End;
        return [.. file.Chunks.Select(chunk => chunk.Offset), last];
    }
}

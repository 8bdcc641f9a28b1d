using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sim.Agents.MixerTasks;

/// <summary>
/// Results of runs, a line of JSON each, in the order in which they came. A line that was cut off when its process ended is dropped when the file is opened
/// again; whatever was whole stays.
/// </summary>
public sealed class TaskResultFile : IDisposable
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        RespectRequiredConstructorParameters = true,
    };

    private readonly FileStream _file;
    private readonly List<TaskResult> _results;

    /// <summary>Opens a file, made if missing.</summary>
    /// <exception cref="InvalidDataException">A line is no result.</exception>
    /// <exception cref="IOException">The file cannot be opened, or is open already, here or in another process.</exception>
    public TaskResultFile(string path)
    {
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        try
        {
            byte[] bytes = new byte[_file.Length];
            _file.ReadExactly(bytes);
            _results = Parse(bytes, path, out int whole);
            _file.SetLength(whole);
            _file.Position = whole;
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>All so far.</summary>
    public IReadOnlyList<TaskResult> Results => _results;

    /// <summary>The whole lines of a file, which stays as it is.</summary>
    /// <exception cref="InvalidDataException">A line is no result.</exception>
    /// <exception cref="IOException">There is no such file, or it is being written.</exception>
    public static IReadOnlyList<TaskResult> Load(string path) => Parse(File.ReadAllBytes(path), path, out _);

    /// <summary>Adds a line, which is in the file when this returns.</summary>
    public void Append(TaskResult result)
    {
        _file.Write([.. JsonSerializer.SerializeToUtf8Bytes(result, s_json), (byte)'\n']);
        _file.Flush();
        _results.Add(result);
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Results of all lines that have an end, and how many bytes they are.</summary>
    private static List<TaskResult> Parse(byte[] bytes, string path, out int whole)
    {
        List<TaskResult> results = [];
        whole = 0;
        while (Array.IndexOf(bytes, (byte)'\n', whole) is int end and >= 0)
        {
            try
            {
                results.Add(JsonSerializer.Deserialize<TaskResult>(bytes.AsSpan(whole, end - whole), s_json) ?? throw new JsonException("it is null"));
            }
            catch (JsonException error)
            {
                throw new InvalidDataException($"line {results.Count + 1} of {path} is not the result of a mixer on a task: {error.Message}", error);
            }
            whole = end + 1;
        }
        return results;
    }
}

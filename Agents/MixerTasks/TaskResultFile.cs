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
    private readonly List<TaskResult> _results = [];

    /// <summary>Opens a file, made if missing.</summary>
    /// <exception cref="InvalidDataException">A line is no result.</exception>
    /// <exception cref="IOException">The file cannot be opened, or another process writes it.</exception>
    public TaskResultFile(string path)
    {
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            Read(path);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>All so far.</summary>
    public IReadOnlyList<TaskResult> Results => _results;

    /// <summary>The result of a run that is done; null where it is not.</summary>
    /// <param name="mixer">Name.</param>
    /// <param name="task">Name.</param>
    /// <param name="seed">Of the run.</param>
    /// <param name="budget">Seconds that updates had: with more of them it is another run.</param>
    public TaskResult? Find(string mixer, string task, ulong seed, double budget)
        => _results.Find(result => result.Mixer == mixer && result.Task == task && result.Seed == seed && result.Budget == budget);

    /// <summary>Adds a line, which is in the file when this returns.</summary>
    public void Append(TaskResult result)
    {
        _file.Write([.. JsonSerializer.SerializeToUtf8Bytes(result, s_json), (byte)'\n']);
        _file.Flush();
        _results.Add(result);
    }

    public void Dispose() => _file.Dispose();

    private void Read(string path)
    {
        byte[] bytes = new byte[_file.Length];
        _file.ReadExactly(bytes);
        int start = 0;
        for (int line = 1; Array.IndexOf(bytes, (byte)'\n', start) is int end and >= 0; line++)
        {
            try
            {
                _results.Add(JsonSerializer.Deserialize<TaskResult>(bytes.AsSpan(start, end - start), s_json) ?? throw new JsonException("it is null"));
            }
            catch (JsonException error)
            {
                throw new InvalidDataException($"line {line} of {path} is not the result of a mixer on a task: {error.Message}", error);
            }
            start = end + 1;
        }
        _file.SetLength(start);
        _file.Position = start;
    }
}

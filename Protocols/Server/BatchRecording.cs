using Sim.Environments;
using Sim.Protocols.Demonstrations;
using Sim.Protocols.Messages;

namespace Sim.Protocols.Server;

/// <summary>The demonstration file of one batch of a session.</summary>
internal sealed class BatchRecording : IDisposable
{
    private const string Suffix = ".simdemo";
    private const int MaxName = 100;

    private readonly RecordingRules _rules;
    private readonly DemonstrationRecorder _recorder;
    private readonly ActionSource _source;
    private readonly int[] _lastEnded;

    private BatchRecording(RecordingRules rules, DemonstrationRecorder recorder, ActionSource source, int lanes)
    {
        (_rules, _recorder, _source) = (rules, recorder, source);
        _lastEnded = [.. Enumerable.Repeat(-1, lanes)];
    }

    /// <summary>Begins a file in the server's folder, or goes on with its one file; null where nothing is to be recorded.</summary>
    /// <exception cref="WireException">The server keeps none, or the name is not usable or taken.</exception>
    public static BatchRecording? Open(RecordingRules? rules, MakeMessage message, BatchEnvironment environments, string client)
    {
        if (rules is null && message.Record is not null) throw new WireException(ErrorCode.NotSupported, "this server keeps no recordings");
        if (rules is null || (rules.File ?? message.Record) is not { } name) return null;
        if (rules.File is null && !IsPlain(name))
            throw new WireException(ErrorCode.InvalidArgument, $"'{name}' is no name for a recording: letters, digits, '.', '-' and '_', {MaxName} at most, ending with {Suffix}");
        var source = message.Source switch
        {
            null or "policy" => ActionSource.Policy,
            "human" => ActionSource.Human,
            "script" => ActionSource.Script,
            "both" => ActionSource.Both,
            _ => throw new WireException(ErrorCode.InvalidArgument, $"source '{message.Source}' is not known: policy, human, script or both"),
        };
        try
        {
            Directory.CreateDirectory(rules.Folder);
            var options = rules.Options with
            {
                Demonstrator = rules.Options.Demonstrator.Length > 0 ? rules.Options.Demonstrator : message.Source ?? "policy",
                Operator = rules.Options.Operator.Length > 0 ? rules.Options.Operator : client,
            };
            string path = Path.Combine(rules.Folder, name);
            var recorder = rules.File is not null && File.Exists(path)
                ? DemonstrationRecorder.Append(path, environments, options)
                : DemonstrationRecorder.Create(path, environments, options);
            return new(rules, recorder, source, environments.Count);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new WireException(ErrorCode.InvalidArgument, $"'{name}' cannot be recorded: {Plain(error, rules.Folder)}");
        }
    }

    public void AfterReset(IReadOnlyDictionary<string, string>? options, ReadOnlySpan<bool> mask)
    {
        try
        {
            _recorder.AfterReset(options, mask);
        }
        catch (IOException error)
        {
            throw Broken(error);
        }
    }

    public void AfterRestore(ReadOnlySpan<int> lanes)
    {
        try
        {
            foreach (int lane in lanes) _recorder.AfterRestore(lane);
        }
        catch (IOException error)
        {
            throw Broken(error);
        }
    }

    public void AfterStep()
    {
        try
        {
            _recorder.AfterStep(_source);
        }
        catch (IOException error)
        {
            throw Broken(error);
        }
        foreach (var ended in _recorder.EndedEpisodes)
        {
            _lastEnded[ended.Lane] = ended.Episode;
            if (_rules.Keep?.Invoke(ended) == false) _recorder.Hide(ended.Episode);
        }
    }

    /// <exception cref="WireException">A lane or a value is out of range; nothing of the annotation was kept.</exception>
    public void Annotate(AnnotateMessage message)
    {
        var inputs = (message.Events ?? []).SelectMany(Inputs).ToList();
        try
        {
            if (message.Label is { } label) Apply(label);
            foreach (var input in inputs) _recorder.AddEvent(input);
        }
        catch (ArgumentOutOfRangeException error)
        {
            throw new WireException(ErrorCode.InvalidArgument, error.Message);
        }
        catch (IOException error)
        {
            throw Broken(error);
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        try
        {
            _recorder.Dispose();
        }
        catch (IOException)
        {
            // The disk is full or gone: what was written stays, and the session ends all the same.
        }
    }

    private void Apply(EpisodeLabelMessage label)
    {
        CheckLane(label.Lane);
        if (label.Quality is < 0 or > 5) throw new WireException(ErrorCode.InvalidArgument, $"quality {label.Quality} is out of range: 0 to 5");
        int episode = _recorder.EpisodeUnderWay(label.Lane);
        // An episode that has not begun to move is not what a person has just seen.
        if (episode < 0) episode = _lastEnded[label.Lane];
        if (episode < 0) throw new WireException(ErrorCode.InvalidArgument, $"lane {label.Lane} has taken no step yet: there is no episode to label");
        if (label.Success is not null || label.Quality is not null || label.Notes is not null)
            _recorder.Label(episode, label.Success, label.Quality, label.Notes);
        if (label.Discard) _recorder.Hide(episode);
    }

    private IEnumerable<InputEvent> Inputs(HumanEventMessage message)
    {
        if (message is null) throw new WireException(ErrorCode.BadMessage, "an event is missing");
        CheckLane(message.Lane);
        if (!Enum.TryParse<InputKind>(message.Kind, ignoreCase: true, out var kind) || message.Kind!.Any(char.IsDigit))
            throw new WireException(ErrorCode.InvalidArgument, $"event kind '{message.Kind}' is not known: {string.Join(", ", Enum.GetNames<InputKind>().Select(known => known.ToLowerInvariant()))}");
        float[] values = message.Values is { Length: > 0 } given ? given : [0];
        long received = UnixClock.Now;
        return values.Select((value, index) => new InputEvent
        {
            Device = message.Device ?? "",
            DeviceMilliseconds = message.DeviceMilliseconds,
            ReceivedMicroseconds = received,
            Kind = kind,
            Code = message.Code + index,
            Value = value,
            Lane = message.Lane,
            Text = index == 0 ? message.Text : null,
        });
    }

    private void CheckLane(int lane)
    {
        if ((uint)lane >= (uint)_lastEnded.Length) throw new WireException(ErrorCode.InvalidArgument, $"lane {lane} is out of range: 0 to {_lastEnded.Length - 1}");
    }

    private static bool IsPlain(string name)
        => name.Length <= MaxName && name.Length > Suffix.Length && name.EndsWith(Suffix, StringComparison.Ordinal) && name[0] != '.'
            && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_');

    private static WireException Broken(IOException error) => new(ErrorCode.Internal, error.Message);

    /// <summary>Clients need not know where the server keeps its files.</summary>
    private static string Plain(Exception error, string folder) => error.Message.Replace(Path.GetFullPath(folder), "…", StringComparison.Ordinal).Replace(folder, "…", StringComparison.Ordinal);
}

namespace Sim.Protocols.Exchange;

/// <summary>
/// A file or folder that is written beside its place and moved there when it is complete: nobody ever sees half of it.
/// </summary>
internal sealed class PendingTarget : IDisposable
{
    private readonly string _target;
    private bool _isCommitted;

    /// <exception cref="ArgumentException">The target exists, or an earlier export to it broke off.</exception>
    public PendingTarget(string target)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(target);
        _target = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(target));
        Path = _target + ".tmp";
        if (System.IO.Path.Exists(_target))
            throw new ArgumentException($"{target} exists already: choose another path, or remove it first");
        if (System.IO.Path.Exists(Path))
            throw new ArgumentException($"{target}.tmp is left from an export that broke off: remove it first");
        if (System.IO.Path.GetDirectoryName(_target) is { Length: > 0 } parent)
            Directory.CreateDirectory(parent);
    }

    /// <summary>Where to write.</summary>
    public string Path { get; }

    /// <summary>Moves what was written to its place.</summary>
    public void Commit()
    {
        if (Directory.Exists(Path))
            Directory.Move(Path, _target);
        else
            File.Move(Path, _target);
        _isCommitted = true;
    }

    public void Dispose()
    {
        if (_isCommitted)
            return;
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
        else
            File.Delete(Path);
    }
}

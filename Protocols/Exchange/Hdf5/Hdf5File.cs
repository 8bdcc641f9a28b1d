using PureHDF;

namespace Sim.Protocols.Exchange.Hdf5;

/// <summary>
/// An HDF5 file that nobody vouches for. Whatever the library throws at damage becomes
/// <see cref="InvalidDataException"/> with the place in the file, and no array is read that the file is too small for.
/// The library itself may ask the system for as much memory as a damaged length says, up to 2 GB that nothing touches.
/// </summary>
internal sealed class Hdf5File : IDisposable
{
    private static readonly byte[] s_signature = [0x89, (byte)'H', (byte)'D', (byte)'F', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];

    private readonly string _path;
    private readonly IDisposable _file;
    private readonly IH5Group _root;
    private readonly long _length;
    private readonly List<(string Path, Dictionary<string, IH5Object> Children)> _listings = [];

    private Hdf5File(string path)
    {
        _path = path;
        _length = new FileInfo(path).Length;
        var file = Guarded("/", () => H5File.OpenRead(path));
        (_file, _root) = (file, file);
    }

    /// <exception cref="InvalidDataException">The file is no HDF5 file.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static Hdf5File Open(string path)
    {
        using (var stream = File.OpenRead(path))
        {
            Span<byte> start = stackalloc byte[s_signature.Length];
            if (stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length || !start.SequenceEqual(s_signature))
                throw new InvalidDataException($"{path} is no HDF5 file: it does not begin with HDF5's signature");
        }
        return new(path);
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Names of what lies in a group.</summary>
    /// <exception cref="InvalidDataException">There is no such group, or it is damaged.</exception>
    public IReadOnlyCollection<string> Children(string group)
        => Find(group) is IH5Group found ? Listing(found, group).Keys : throw Lacks(group);

    /// <summary>True when something lies at a path.</summary>
    /// <exception cref="InvalidDataException">The file is damaged on the way there.</exception>
    public bool Exists(string path) => Find(path) is not null;

    /// <summary>True when a group, not a data set, lies at a path.</summary>
    /// <inheritdoc cref="Exists"/>
    public bool IsGroup(string path) => Find(path) is IH5Group;

    /// <summary>The data set at a path.</summary>
    /// <exception cref="InvalidDataException">There is none, or the file is damaged.</exception>
    public Hdf5Array Array(string path)
    {
        var dataset = Find(path) as IH5Dataset ?? throw Lacks(path);
        return Guarded(path, () => new Hdf5Array(this, path, dataset, _length));
    }

    /// <summary>Names of a group's attributes.</summary>
    /// <exception cref="InvalidDataException">There is no such group, or it is damaged.</exception>
    public IReadOnlyList<string> AttributeNames(string group)
    {
        var found = Find(group) ?? throw Lacks(group);
        return Guarded(group, () => found.Attributes().Select(attribute => attribute.Name).ToArray());
    }

    /// <summary>A group's attribute as <see cref="long"/>, <see cref="ulong"/>, <see cref="double"/>, <see cref="bool"/> or text; null where it is missing or of another kind.</summary>
    /// <exception cref="InvalidDataException">There is no such group, or it is damaged.</exception>
    public object? Attribute(string group, string name)
    {
        var found = Find(group) ?? throw Lacks(group);
        return Guarded($"{group}@{name}", () =>
        {
            if (!found.AttributeExists(name)) return null;
            var attribute = found.Attribute(name);
            bool isScalar = attribute.Space.Type == H5DataspaceType.Scalar || attribute.Space.Dimensions is [1];
            return isScalar ? ReadScalar(attribute) : null;
        });
    }

    /// <summary>Runs what touches the file; everything that damage can throw becomes one kind of exception.</summary>
    internal T Guarded<T>(string place, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is not (InvalidDataException or FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException))
        {
            throw new InvalidDataException($"{_path} is damaged or of a kind that cannot be read, at '{place}': {error.Message}", error);
        }
    }

    /// <summary>What lies at a path; null where there is nothing.</summary>
    private IH5Object? Find(string path)
    {
        IH5Object? found = _root;
        string parent = "";
        foreach (string name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (found is not IH5Group group) return null;
            found = Listing(group, parent).GetValueOrDefault(name);
            parent = parent.Length == 0 ? name : $"{parent}/{name}";
        }
        return found;
    }

    /// <summary>
    /// The children of a group. The library looks through all of a group's links for each name, which among thousands
    /// of episodes takes its time; so the group last asked for at every depth is kept by name.
    /// </summary>
    private Dictionary<string, IH5Object> Listing(IH5Group group, string path)
    {
        int depth = path.Length == 0 ? 0 : path.Count(letter => letter == '/') + 1;
        if (depth < _listings.Count && _listings[depth].Path == path)
            return _listings[depth].Children;
        var children = Guarded(path, () => group.Children().ToDictionary(child => child.Name));
        // What is kept of deeper groups belongs to the one that is replaced.
        _listings.RemoveRange(depth, _listings.Count - depth);
        _listings.Add((path, children));
        return children;
    }

    private InvalidDataException Lacks(string path) => new($"{_path} lacks '{path}'");

    private static object? ReadScalar(IH5Attribute attribute) => attribute.Type.Class switch
    {
        H5DataTypeClass.FixedPoint => ReadWhole(attribute),
        H5DataTypeClass.FloatingPoint => attribute.Type.Size switch
        {
            4 => (double)attribute.Read<float>(),
            8 => attribute.Read<double>(),
            _ => null,
        },
        H5DataTypeClass.Enumerated when attribute.Type.Size == 1 => attribute.Read<byte>() != 0,
        H5DataTypeClass.String or H5DataTypeClass.VariableLength => attribute.Read<string>(),
        _ => null,
    };

    private static object? ReadWhole(IH5Attribute attribute)
    {
        bool isSigned = attribute.Type.FixedPoint.IsSigned;
        return (attribute.Type.Size, isSigned) switch
        {
            (1, true) => (long)attribute.Read<sbyte>(),
            (1, false) => (long)attribute.Read<byte>(),
            (2, true) => (long)attribute.Read<short>(),
            (2, false) => (long)attribute.Read<ushort>(),
            (4, true) => (long)attribute.Read<int>(),
            (4, false) => (long)attribute.Read<uint>(),
            (8, true) => attribute.Read<long>(),
            (8, false) => attribute.Read<ulong>(),
            _ => null,
        };
    }
}

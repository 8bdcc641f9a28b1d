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
    public IReadOnlyList<string> Children(string group)
        => Guarded(group, () => Group(group).Children().Select(child => child.Name).ToArray());

    /// <summary>True when something lies at a path.</summary>
    /// <exception cref="InvalidDataException">The file is damaged on the way there.</exception>
    public bool Exists(string path) => Guarded(path, () =>
    {
        // The library's own check throws where a group on the way is missing.
        var group = _root;
        string[] names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < names.Length; i++)
        {
            if (!group.LinkExists(names[i])) return false;
            if (i == names.Length - 1) return true;
            if (group.Get(names[i]) is not IH5Group next) return false;
            group = next;
        }
        return true;
    });

    /// <summary>True when a group, not a data set, lies at a path.</summary>
    public bool IsGroup(string path) => Exists(path) && Guarded(path, () => _root.Get(path) is IH5Group);

    /// <summary>The data set at a path.</summary>
    /// <exception cref="InvalidDataException">There is none, or the file is damaged.</exception>
    public Hdf5Array Array(string path)
    {
        if (!Exists(path))
            throw new InvalidDataException($"{_path} lacks '{path}'");
        return Guarded(path, () => new Hdf5Array(this, path, _root.Dataset(path), _length));
    }

    /// <summary>Names of a group's attributes.</summary>
    public IReadOnlyList<string> AttributeNames(string group)
        => Guarded(group, () => Group(group).Attributes().Select(attribute => attribute.Name).ToArray());

    /// <summary>A group's attribute as <see cref="long"/>, <see cref="ulong"/>, <see cref="double"/>, <see cref="bool"/> or text; null where it is missing or of another kind.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public object? Attribute(string group, string name) => Guarded($"{group}@{name}", () =>
    {
        var at = Group(group);
        if (!at.AttributeExists(name)) return null;
        var attribute = at.Attribute(name);
        bool isScalar = attribute.Space.Type == H5DataspaceType.Scalar || (attribute.Space.Dimensions is [1]);
        return isScalar ? ReadScalar(attribute) : null;
    });

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

    private IH5Group Group(string path) => path is "" or "/" ? _root : _root.Group(path);

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

using System.Buffers.Binary;
using System.Text;

namespace Sim.Agents.Torch;

/// <summary>
/// Edits one versioned symbol of a shared library so that it binds to an older version of another library.
/// Understands 64-bit little-endian x86-64 ELF files, and refuses what it does not expect.
/// </summary>
internal sealed class ElfVersionEdit
{
    private const uint DynamicSymbols = 11, SymbolVersions = 0x6fffffff, NeededVersions = 0x6ffffffe;
    private const int SymbolSize = 24;
    private const ushort WeakVersion = 2;

    private readonly byte[] _file;
    private readonly Section _symbols, _versions, _needed;
    private readonly long _names;

    /// <param name="file">The library's bytes; edited in place.</param>
    /// <exception cref="InvalidDataException">Not such a file, or a section is missing or cut short.</exception>
    public ElfVersionEdit(byte[] file)
    {
        _file = file;
        if (file.Length < 64 || U32(0) != 0x464C457F || file[4] != 2 || file[5] != 1 || U16(18) != 62)
        {
            throw new InvalidDataException("not a 64-bit little-endian x86-64 ELF file");
        }
        long table = Offset(40);
        int entrySize = U16(58), entries = U16(60);
        for (int i = 0; i < entries; i++)
        {
            long entry = table + ((long)i * entrySize);
            var section = new Section(Offset(entry + 24), Offset(entry + 32), U32(entry + 40));
            switch (U32(entry + 4))
            {
                case DynamicSymbols: _symbols = section; break;
                case SymbolVersions: _versions = section; break;
                case NeededVersions: _needed = section; break;
            }
        }
        if (_symbols.Size == 0 || _versions.Size == 0 || _needed.Size == 0)
        {
            throw new InvalidDataException("no dynamic symbols or no symbol versions");
        }
        _names = Offset(table + (_symbols.Link * entrySize) + 24);
    }

    /// <summary>
    /// Renames the only symbol that needs <paramref name="missingVersion"/> of <paramref name="library"/>, binds it
    /// to <paramref name="presentVersion"/>, and marks the missing version as one the loader may do without.
    /// </summary>
    /// <returns>False when the file does not need the missing version: nothing was changed.</returns>
    /// <exception cref="InvalidDataException">Another symbol needs that version, or not exactly one does.</exception>
    public bool Rebind(string library, string missingVersion, string presentVersion, string oldSymbol, string newSymbol)
    {
        if (FindVersion(library, missingVersion) is not { } missing)
        {
            return false;
        }
        if (FindVersion(library, presentVersion) is not { } present)
        {
            throw new InvalidDataException($"needs {missingVersion} of {library} but not {presentVersion}");
        }

        long hit = -1;
        for (long i = 0; i < _symbols.Size / SymbolSize; i++)
        {
            if ((U16(_versions.Offset + (2 * i)) & 0x7fff) != missing.Index)
            {
                continue;
            }
            string name = Text(_names + U32(_symbols.Offset + (SymbolSize * i)));
            if (name != oldSymbol || hit >= 0)
            {
                throw new InvalidDataException($"'{name}' needs {missingVersion}; only one symbol, '{oldSymbol}', was expected to");
            }
            hit = i;
        }
        if (hit < 0 || newSymbol.Length > oldSymbol.Length)
        {
            throw new InvalidDataException($"'{oldSymbol}' cannot be rebound to '{newSymbol}'");
        }

        long nameAt = _names + U32(_symbols.Offset + (SymbolSize * hit));
        Encoding.ASCII.GetBytes(newSymbol + '\0').CopyTo(At(nameAt, newSymbol.Length + 1));
        WriteU16(_versions.Offset + (2 * hit), present.Index);
        WriteU16(missing.Position + 4, (ushort)(U16(missing.Position + 4) | WeakVersion));
        return true;
    }

    private (ushort Index, long Position)? FindVersion(string library, string version)
    {
        long record = _needed.Offset;
        while (true)
        {
            long auxiliary = record + U32(record + 8);
            bool inLibrary = Text(_names + U32(record + 4)) == library;
            for (int i = U16(record + 2); inLibrary && i > 0; i--)
            {
                if (Text(_names + U32(auxiliary + 8)) == version)
                {
                    return (U16(auxiliary + 6), auxiliary);
                }
                auxiliary += U32(auxiliary + 12);
            }
            uint next = U32(record + 12);
            if (next == 0)
            {
                return null;
            }
            record += next;
        }
    }

    private ushort U16(long offset) => BinaryPrimitives.ReadUInt16LittleEndian(At(offset, 2));

    private uint U32(long offset) => BinaryPrimitives.ReadUInt32LittleEndian(At(offset, 4));

    private long Offset(long offset) => (long)BinaryPrimitives.ReadUInt64LittleEndian(At(offset, 8));

    private void WriteU16(long offset, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(At(offset, 2), value);

    private string Text(long offset)
    {
        var rest = At(offset, 1, toEnd: true);
        int length = rest.IndexOf((byte)0);
        return length < 0
            ? throw new InvalidDataException("a name runs past the end of the file")
            : Encoding.ASCII.GetString(rest[..length]);
    }

    private Span<byte> At(long offset, int length, bool toEnd = false)
        => offset < 0 || offset > _file.Length - length
            ? throw new InvalidDataException($"offset {offset} lies outside the file of {_file.Length} bytes")
            : toEnd ? _file.AsSpan((int)offset) : _file.AsSpan((int)offset, length);

    private readonly record struct Section(long Offset, long Size, uint Link);
}

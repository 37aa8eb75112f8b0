namespace Checkpoint.Imaging;

/// <summary>First bytes of MessagePack values, as the specification names them.</summary>
internal static class MessagePackCode
{
    /// <summary>Positive fixint: 0x00 to 0x7f.</summary>
    public const byte MaxFixInt = 0x7f;

    /// <summary>fixmap: 0x80 to 0x8f.</summary>
    public const byte MinFixMap = 0x80;

    /// <summary>fixarray: 0x90 to 0x9f.</summary>
    public const byte MinFixArray = 0x90;

    /// <summary>fixstr: 0xa0 to 0xbf.</summary>
    public const byte MinFixStr = 0xa0;

    /// <summary>nil.</summary>
    public const byte Nil = 0xc0;

    /// <summary>Never used.</summary>
    public const byte NeverUsed = 0xc1;

    /// <summary>false.</summary>
    public const byte False = 0xc2;

    /// <summary>true.</summary>
    public const byte True = 0xc3;

    /// <summary>bin with an 8-bit length.</summary>
    public const byte Bin8 = 0xc4;

    /// <summary>bin with a 16-bit length.</summary>
    public const byte Bin16 = 0xc5;

    /// <summary>bin with a 32-bit length.</summary>
    public const byte Bin32 = 0xc6;

    /// <summary>ext with an 8-bit length.</summary>
    public const byte Ext8 = 0xc7;

    /// <summary>ext with a 16-bit length.</summary>
    public const byte Ext16 = 0xc8;

    /// <summary>ext with a 32-bit length.</summary>
    public const byte Ext32 = 0xc9;

    /// <summary>IEEE 754 single.</summary>
    public const byte Float32 = 0xca;

    /// <summary>IEEE 754 double.</summary>
    public const byte Float64 = 0xcb;

    /// <summary>8-bit unsigned.</summary>
    public const byte UInt8 = 0xcc;

    /// <summary>16-bit unsigned.</summary>
    public const byte UInt16 = 0xcd;

    /// <summary>32-bit unsigned.</summary>
    public const byte UInt32 = 0xce;

    /// <summary>64-bit unsigned.</summary>
    public const byte UInt64 = 0xcf;

    /// <summary>8-bit signed.</summary>
    public const byte Int8 = 0xd0;

    /// <summary>16-bit signed.</summary>
    public const byte Int16 = 0xd1;

    /// <summary>32-bit signed.</summary>
    public const byte Int32 = 0xd2;

    /// <summary>64-bit signed.</summary>
    public const byte Int64 = 0xd3;

    /// <summary>ext of 1 byte; 2, 4, 8 and 16 follow.</summary>
    public const byte FixExt1 = 0xd4;

    /// <summary>ext of 16 bytes.</summary>
    public const byte FixExt16 = 0xd8;

    /// <summary>str with an 8-bit length.</summary>
    public const byte Str8 = 0xd9;

    /// <summary>str with a 16-bit length.</summary>
    public const byte Str16 = 0xda;

    /// <summary>str with a 32-bit length.</summary>
    public const byte Str32 = 0xdb;

    /// <summary>array with a 16-bit count.</summary>
    public const byte Array16 = 0xdc;

    /// <summary>array with a 32-bit count.</summary>
    public const byte Array32 = 0xdd;

    /// <summary>map with a 16-bit count.</summary>
    public const byte Map16 = 0xde;

    /// <summary>map with a 32-bit count.</summary>
    public const byte Map32 = 0xdf;

    /// <summary>Negative fixint: 0xe0 to 0xff.</summary>
    public const byte MinNegativeFixInt = 0xe0;
}

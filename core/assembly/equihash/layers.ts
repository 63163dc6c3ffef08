// AssemblyScript. The parameter sets of the big solver, and how it stores the rows of each round. Classes of constants: a
// function that is generic over one of them is compiled for it alone, and all of this folds away.
//
// A layer holds the rows of one round, each in the bucket that the first B bits of its next cell name. An item is what is
// left of the row behind those bits, `restBits` long, first bit most significant; behind it, in the last `linkBits` bits,
// the last bits of where it came from: its index, or its parents' bucket. Nine rounds leave (200, 9) so many candidates that
// looking for parents would take too long: its layers keep all of a row's origin, most of it in `frontBytes` in front.

// Sets -----------------------------------------------------------------------------------------------------------------

/** Small enough for the plain solver, and so for a comparison with it: nobody mines it. */
export class Set96 {
  @inline get n(): u32 { return 96; }
  @inline get k(): u32 { return 5; }
  @inline get bucketBits(): u32 { return 7; }
  @inline get twisted(): bool { return false; }
}

export class Set125 {
  @inline get n(): u32 { return 125; }
  @inline get k(): u32 { return 4; }
  @inline get bucketBits(): u32 { return 12; }
  @inline get twisted(): bool { return true; }
}

export class Set144 {
  @inline get n(): u32 { return 144; }
  @inline get k(): u32 { return 5; }
  @inline get bucketBits(): u32 { return 12; }
  @inline get twisted(): bool { return false; }
}

export class Set200 {
  @inline get n(): u32 { return 200; }
  @inline get k(): u32 { return 9; }
  @inline get bucketBits(): u32 { return 10; }
  @inline get twisted(): bool { return false; }
}

// Layers of (96, 5) ------------------------------------------------------------------------------------------------------

export class Layer96x0 {
  @inline get restBits(): u32 { return 89; }
  @inline get restBytes(): u32 { return 13; }
  @inline get linkBits(): u32 { return 15; }
  @inline get frontBytes(): u32 { return 0; }
}

export class Layer96x1 {
  @inline get restBits(): u32 { return 73; }
  @inline get restBytes(): u32 { return 10; }
  @inline get linkBits(): u32 { return 7; }
  @inline get frontBytes(): u32 { return 0; }
}

export class Layer96x2 {
  @inline get restBits(): u32 { return 57; }
  @inline get restBytes(): u32 { return 8; }
  @inline get linkBits(): u32 { return 7; }
  @inline get frontBytes(): u32 { return 0; }
}

export class Layer96x3 {
  @inline get restBits(): u32 { return 41; }
  @inline get restBytes(): u32 { return 6; }
  @inline get linkBits(): u32 { return 7; }
  @inline get frontBytes(): u32 { return 0; }
}

export class Layer96x4 {
  @inline get restBits(): u32 { return 25; }
  @inline get restBytes(): u32 { return 4; }
  @inline get linkBits(): u32 { return 7; }
  @inline get frontBytes(): u32 { return 0; }
}

// Layers of (125, 4): 44 bytes a row in all -----------------------------------------------------------------------------

export class Layer125x0 {
  @inline get restBits(): u32 { return 113; }
  @inline get restBytes(): u32 { return 16; }
  @inline get linkBits(): u32 { return 15; }
  @inline get frontBytes(): u32 { return 0; }
}

export class Layer125x1 {
  @inline get restBits(): u32 { return 88; }
  @inline get restBytes(): u32 { return 12; }
  @inline get linkBits(): u32 { return 8; }
  @inline get frontBytes(): u32 { return 0; }
}

export class Layer125x2 {
  @inline get restBits(): u32 { return 63; }
  @inline get restBytes(): u32 { return 10; }
  @inline get linkBits(): u32 { return 12; }
  @inline get frontBytes(): u32 { return 0; }
}

export class Layer125x3 {
  @inline get restBits(): u32 { return 38; }
  @inline get restBytes(): u32 { return 6; }
  @inline get linkBits(): u32 { return 10; }
  @inline get frontBytes(): u32 { return 0; }
}

// Layers of (144, 5): 62 bytes a row in all -----------------------------------------------------------------------------

export class Layer144x0 {
  @inline get restBits(): u32 { return 132; }
  @inline get restBytes(): u32 { return 18; }
  @inline get linkBits(): u32 { return 12; }
  @inline get frontBytes(): u32 { return 0; }
}

export class Layer144x1 {
  @inline get restBits(): u32 { return 108; }
  @inline get restBytes(): u32 { return 16; }
  @inline get linkBits(): u32 { return 12; }
  @inline get frontBytes(): u32 { return 0; }
}

export class Layer144x2 {
  @inline get restBits(): u32 { return 84; }
  @inline get restBytes(): u32 { return 12; }
  @inline get linkBits(): u32 { return 12; }
  @inline get frontBytes(): u32 { return 0; }
}

export class Layer144x3 {
  @inline get restBits(): u32 { return 60; }
  @inline get restBytes(): u32 { return 10; }
  @inline get linkBits(): u32 { return 12; }
  @inline get frontBytes(): u32 { return 0; }
}

export class Layer144x4 {
  @inline get restBits(): u32 { return 36; }
  @inline get restBytes(): u32 { return 6; }
  @inline get linkBits(): u32 { return 12; }
  @inline get frontBytes(): u32 { return 0; }
}

// Layers of (200, 9): 162 bytes a row in all ----------------------------------------------------------------------------

export class Layer200x0 {
  @inline get restBits(): u32 { return 190; }
  @inline get restBytes(): u32 { return 26; }
  @inline get linkBits(): u32 { return 16; }
  @inline get frontBytes(): u32 { return 0; }
}

export class Layer200x1 {
  @inline get restBits(): u32 { return 170; }
  @inline get restBytes(): u32 { return 22; }
  @inline get linkBits(): u32 { return 2; }
  @inline get frontBytes(): u32 { return 4; }
}

export class Layer200x2 {
  @inline get restBits(): u32 { return 150; }
  @inline get restBytes(): u32 { return 19; }
  @inline get linkBits(): u32 { return 2; }
  @inline get frontBytes(): u32 { return 4; }
}

export class Layer200x3 {
  @inline get restBits(): u32 { return 130; }
  @inline get restBytes(): u32 { return 17; }
  @inline get linkBits(): u32 { return 2; }
  @inline get frontBytes(): u32 { return 4; }
}

export class Layer200x4 {
  @inline get restBits(): u32 { return 110; }
  @inline get restBytes(): u32 { return 14; }
  @inline get linkBits(): u32 { return 2; }
  @inline get frontBytes(): u32 { return 4; }
}

export class Layer200x5 {
  @inline get restBits(): u32 { return 90; }
  @inline get restBytes(): u32 { return 12; }
  @inline get linkBits(): u32 { return 2; }
  @inline get frontBytes(): u32 { return 4; }
}

export class Layer200x6 {
  @inline get restBits(): u32 { return 70; }
  @inline get restBytes(): u32 { return 9; }
  @inline get linkBits(): u32 { return 2; }
  @inline get frontBytes(): u32 { return 4; }
}

export class Layer200x7 {
  @inline get restBits(): u32 { return 50; }
  @inline get restBytes(): u32 { return 7; }
  @inline get linkBits(): u32 { return 2; }
  @inline get frontBytes(): u32 { return 4; }
}

export class Layer200x8 {
  @inline get restBits(): u32 { return 30; }
  @inline get restBytes(): u32 { return 4; }
  @inline get linkBits(): u32 { return 2; }
  @inline get frontBytes(): u32 { return 4; }
}
